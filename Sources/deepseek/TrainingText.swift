import Attention
import Foundation
import MTP
import SmallV3
import Tensors
import Text

/// What a model is trained and examined on, as tokens, and how to turn nats per token into nats
/// per byte.
struct TrainingText {
  /// Where the batches that train come from.
  let source: any BatchSource
  /// The number of tokens that train.
  let trainingTokens: Int
  /// The batches that validate.
  let validation: [Batch]
  /// Tokens to predict in the validation text, for each of its bytes.
  let tokensPerByte: Double
  /// The entropy of the source in nats per byte, where it is known.
  let floor: Double?
  /// The documents of a recipe.
  let documents: PretrainingText?
  /// The beginnings that samples continue.
  let prompts: [String]

  /// As many tokens of the validation text as are looked at; of more, evenly spread windows.
  static let mostValidationTokens = 131_072

  init(
    _ corpus: Corpus, tokenizer: Tokenizer, length: Int, sequences: Int, seed: UInt64 = 0,
    limit: Int = mostValidationTokens
  ) throws {
    let training = tokenizer.encode(corpus.training)
    trainingTokens = training.count
    source = try BatchSampler(
      tokens: training, sequences: sequences, length: length,
      generator: SplitMix64(seed: seed))
    documents = nil
    let tokens = tokenizer.encode(corpus.validation)
    let windows = try Batch.windows(of: tokens, length: length, sequences: sequences)
    let wanted = max(1, limit / (length * sequences))
    let taken = min(windows.count, wanted)
    validation = (0..<taken).map { windows[$0 * windows.count / taken] }
    let bytes = corpus.validation.utf8.count - tokenizer.decodeBytes([tokens[0]]).count
    tokensPerByte = Double(tokens.count - 1) / Double(max(bytes, 1))
    floor = corpus.entropy?.natsPerByte
    let opening = String(corpus.validation.prefix(24))
    prompts = corpus.entropy == nil ? [opening] : TrainingText.openings
  }

  /// The documents of a recipe, packed.
  init(
    _ text: PretrainingText, _ recipe: PretrainingRecipe, tokenizer: Tokenizer,
    plan: TrainingPlan
  ) throws {
    let data = try PretrainingData(
      text, tokenizer, recipe: recipe, length: plan.length, sequences: plan.sequences,
      seed: plan.seed)
    (source, trainingTokens, validation) = (
      data.training, data.trainingTokens, data.validation
    )
    (tokensPerByte, floor, documents) = (data.tokensPerByte, text.floor, text)
    prompts =
      text.floor == nil
      ? [String(text.heldOut.first?.prefix(24) ?? "")] : TrainingText.openings
  }

  /// Beginnings that the built-in corpus knows: a story and a sum.
  static let openings = ["Once upon a time", "Q: 37+45 think:"]

  /// The mean loss on the validation text, in nats per token.
  func loss(of model: DeepSeekModel) -> Double { model.evaluate(validation) }

  /// How often the first prediction module drafts the model's own second token; nil without one.
  ///
  /// Measured on a part of the validation text, for every position costs two products with the head.
  func acceptance(of model: DeepSeekModel) -> Double? {
    guard !model.modules.isEmpty, let batch = validation.first else { return nil }
    return model.agreement(on: batch).greedy
  }

  /// Turns a loss in nats per token into nats per byte.
  func natsPerByte(_ loss: Double) -> Double { loss * tokensPerByte }
}

extension PretrainingText {
  /// The documents of the text files that were named, or else of the built-in corpus.
  static func named(_ files: [URL], _ recipe: PretrainingRecipe) throws -> PretrainingText {
    files.isEmpty
      ? .builtIn(bytes: recipe.bytes, rule: recipe.deduplication)
      : try .files(files, rule: recipe.deduplication)
  }
}

extension Corpus {
  /// The text files that were named, or else the built-in corpus.
  static func named(_ files: [URL]) throws -> Corpus {
    files.isEmpty ? .builtIn() : try .load(contentsOf: files)
  }
}
