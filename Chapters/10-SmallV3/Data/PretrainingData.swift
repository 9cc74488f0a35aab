import Attention
import Tensors
import Text

/// Everything that a pre-training reads, as tokens.
public struct PretrainingData: Sendable {
  /// The rows that train.
  public let training: PackedSource
  /// The batches that examine: held-out documents as they are, whatever the rate of filling in.
  public let validation: [Batch]
  /// The bytes of the held-out documents.
  public let validationBytes: Int
  /// The tokens of the documents that train.
  public let trainingTokens: Int

  /// Encodes, rearranges and packs, in this order.
  ///
  /// Every document stands between a begin and an end token. Those that are told as prefix, suffix
  /// and middle are so between the same tokens.
  public init(
    _ text: PretrainingText, _ tokenizer: Tokenizer, recipe: PretrainingRecipe, length: Int,
    sequences: Int, seed: UInt64
  ) throws {
    guard let begin = tokenizer.beginID, let end = tokenizer.endID else {
      throw UnframedDocuments()
    }
    guard !text.training.isEmpty, !text.heldOut.isEmpty else {
      throw NoDocuments(tally: text.tally, heldOut: text.heldOut.count)
    }
    // snippet.rows
    let filling = try FillInTheMiddle(tokenizer, rate: recipe.fillRate)
    let root = SplitMix64(seed: seed).branch(3)
    let texts = text.training
    // Each document has a generator of its own, so threads may take them in any order.
    let documents = Threads.map(texts.count) { index in
      var generator = root.branch(UInt64(index))
      return [begin] + filling.document(texts[index], tokenizer: tokenizer, using: &generator)
        + [end]
    }
    trainingTokens = documents.reduce(0) { $0 + $1.count }
    training = PackedSource(
      documents, length: length, isolates: recipe.isolatesDocuments, seed: seed)
    // snippet.end
    let heldOut = text.heldOut.map { [begin] + tokenizer.encode($0) + [end] }
    let packed = PackedDocuments(heldOut, length: length)
    let batch = recipe.isolatesDocuments ? packed.isolated : packed.batch
    validation = batch.shards((batch.sequences + sequences - 1) / sequences)
    validationBytes = text.heldOut.reduce(0) { $0 + $1.utf8.count }
  }

  /// Tokens to predict in the held-out documents, for each of their bytes.
  public var tokensPerByte: Double {
    let targets = validation.reduce(0) { $0 + $1.targetCount }
    return Double(targets) / Double(max(validationBytes, 1))
  }
}

/// A tokenizer that cannot put documents between a begin and an end token.
public struct UnframedDocuments: Error, Equatable, CustomStringConvertible {
  /// One sentence that names the file and the rule.
  public let description =
    "tokenizer_config.json: there is no begin and end token to put around documents."
}

/// A text of which nothing is left to train on, or nothing to examine with.
public struct NoDocuments: Error, Equatable, CustomStringConvertible {
  /// What became of the documents.
  public let tally: PretrainingText.Tally
  /// The number of documents that are held out.
  public let heldOut: Int

  /// One sentence that names the rule.
  public var description: String {
    heldOut == 0
      ? "The text has no document to hold out: a tenth of it is kept to examine the model."
      : "Of \(tally.drawn) documents none is left to train on: \(tally.heldOut) are copies of the "
        + "\(heldOut) that are held out."
  }
}
