import Attention
import Foundation
import MTP
import Tensors
import Text

/// How far a model is from the entropy of the built-in corpus, for one sort of document.
///
/// The surprise of a document is known exactly, that of its sort included, so the gap holds what
/// the model has not learnt and nothing of the dice.
public struct EntropyGap: Sendable, Equatable, Codable {
  /// The sort.
  public let kind: String
  /// The documents that were examined.
  public let documents: Int
  /// The model's loss on them, in nats per byte.
  public let natsPerByte: Double
  /// −log of their probability, in nats per byte.
  public let surprise: Double

  /// Joins the numbers.
  public init(kind: String, documents: Int, natsPerByte: Double, surprise: Double) {
    (self.kind, self.documents) = (kind, documents)
    (self.natsPerByte, self.surprise) = (natsPerByte, surprise)
  }

  /// By how much the loss exceeds the surprise, as a part of it.
  public var excess: Double { natsPerByte / surprise - 1 }

  /// Examines a model on fresh documents of every sort, packed as in training.
  /// - Parameter bytes: the text of each sort.
  public static func measure(
    _ model: DeepSeekModel, _ tokenizer: Tokenizer, length: Int, bytes: Int = 60_000,
    seed: UInt64 = 0
  ) -> [EntropyGap] {
    guard let begin = tokenizer.beginID, let end = tokenizer.endID else { return [] }
    let total = DocumentSource.weights.reduce(0, +)
    return zip(Document.Kind.allCases, DocumentSource.weights).map { kind, weight in
      // Branch 2 of a seed is held out and branch 1 trains; this is neither.
      var generator = SplitMix64(seed: seed).branch(0x6A9).branch(UInt64(weight))
      var (documents, bits, count): ([[Int]], Double, Int) = ([], 0, 0)
      while count < bytes {
        let document = DocumentSource.document(kind, using: &generator)
        documents.append([begin] + tokenizer.encode(document.text) + [end])
        bits += document.bits + log2(Double(total) / Double(weight))
        count += document.text.utf8.count
      }
      let packed = PackedDocuments(documents, length: length).isolated
      let batches = packed.shards((packed.sequences + 7) / 8)
      return EntropyGap(
        kind: kind.rawValue, documents: documents.count,
        natsPerByte: model.evaluate(batches) * Double(packed.targetCount) / Double(count),
        surprise: bits * log(2) / Double(count))
    }
  }
}
