import Checkpoints
import Tensors

/// A model that has proved itself: its sizes, its tokenizer, and the plan that trains it.
///
/// The programs know these by name; nothing in them is more than a starting point.
public struct NamedConfiguration: Sendable, Equatable {
  /// How the tokens of the text are made.
  public enum Alphabet: Sendable, Equatable {
    /// One token for each byte.
    case bytes
    /// So many tokens, learnt from the training text.
    case merged(vocabulary: Int)

    /// The number of tokens.
    public var vocabularySize: Int {
      switch self {
      case .bytes: 256
      case .merged(let vocabulary): vocabulary
      }
    }
  }

  /// The word that chooses it.
  public let name: String
  /// What it is for, in one sentence.
  public let summary: String
  /// The tokens.
  public let alphabet: Alphabet
  /// The sizes; the vocabulary is that of the alphabet.
  public let model: DecoderConfiguration
  /// The training.
  public let plan: TrainingPlan

  /// Those without experts; chapter 5 adds the others.
  public static let dense = [small, tiny, gpt, shakespeare]

  /// Creates a configuration.
  public init(
    name: String, summary: String, alphabet: Alphabet, model: DecoderConfiguration,
    plan: TrainingPlan
  ) {
    self.name = name
    self.summary = summary
    self.alphabet = alphabet
    self.model = model
    self.plan = plan
  }
}

extension NamedConfiguration {
  // snippet.small
  /// Reads and writes little stories after three minutes on two cores.
  public static let small = NamedConfiguration(
    name: "small-dense",
    summary: "learns the built-in corpus in about three minutes, without experts",
    alphabet: .merged(vocabulary: 512),
    model: DecoderConfiguration(
      vocabularySize: 512, width: 128, feedForwardWidth: 344, layers: 4, heads: 4,
      keyValueHeads: 2, maximumPositions: 256, tiesEmbeddings: true),
    plan: {
      var plan = TrainingPlan(
        steps: 1500, sequences: 8, length: 256, rate: 5e-3, schedule: .trapezoid(warmup: 40))
      plan.rule = .muon
      plan.shards = 4
      return plan
    }())
  // snippet.end

  /// The smallest model that goes through every step of a training, for tests.
  public static let tiny = NamedConfiguration(
    name: "tiny", summary: "goes through every step of a training in a second, for tests",
    alphabet: .bytes,
    model: DecoderConfiguration(
      vocabularySize: 256, width: 16, feedForwardWidth: 32, layers: 2, heads: 2,
      keyValueHeads: 1, maximumPositions: 64, tiesEmbeddings: true),
    plan: TrainingPlan(
      steps: 20, sequences: 4, length: 32, rate: 3e-3, schedule: .cosine(warmup: 4)))

  /// The shapes of a well-known small recipe: 4 layers, 4 heads, width 128, context 64, batch 12.
  ///
  /// The gated feed-forward layer has three matrices instead of two; a width of 336 instead of 512
  /// gives it nearly the same number of weights, and is a multiple of both sides of a tile.
  public static let gpt = NamedConfiguration(
    name: "gpt", summary: "has the shapes of a well-known character-level recipe, with AdamW",
    alphabet: .bytes,
    model: DecoderConfiguration(
      vocabularySize: 256, width: 128, feedForwardWidth: 336, layers: 4, heads: 4,
      maximumPositions: 64, tiesEmbeddings: true),
    plan: TrainingPlan(
      steps: 2000, sequences: 12, length: 64, rate: 1e-3,
      schedule: .cosine(warmup: 100, floor: 0.1)))

  /// A smaller model, trained with Muon: the least time to a loss of 1.886 on tiny Shakespeare.
  ///
  /// A third of the arithmetic of `gpt` for each token, and a fifth of the tokens.
  public static let shakespeare = NamedConfiguration(
    name: "shakespeare",
    summary: "reaches the loss of gpt in a tenth of its time, with Muon",
    alphabet: .bytes,
    model: DecoderConfiguration(
      vocabularySize: 256, width: 96, feedForwardWidth: 192, layers: 3, heads: 3,
      maximumPositions: 64),
    plan: {
      var plan = TrainingPlan(
        steps: 420, sequences: 12, length: 64, rate: 6e-3, schedule: .trapezoid(warmup: 40))
      plan.rule = .muon
      plan.matrixRate = 0.025
      plan.decay = 0
      return plan
    }())
}
