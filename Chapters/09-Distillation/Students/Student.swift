import Attention
import Checkpoints
import RL
import Tensors

/// A small dense model that is to learn from a larger one, with the training of its own base.
///
/// Six of them stand in one table as the six that were distilled from DeepSeek-R1: four of Qwen's
/// shape, with a bias on queries, keys and values, and two of Llama's, without any.
/// Paper: DeepSeek-R1 §2.4 and Table 5.
public struct Student: Sendable, Equatable {
  /// The word that chooses it: its family and its number of weights.
  public let name: String
  /// The sizes.
  public let model: DecoderConfiguration
  /// The learning rate of its base at its highest; the wider a student, the lower.
  ///
  /// Muon moves the base's matrices at a rate of its own, so that a thousand steps are enough.
  public let rate: Float

  // snippet.six
  /// The six, by size.
  public static let all = [
    Student("qwen-14k", .qwen2, width: 24, heads: 2, layers: 2, rate: 6e-3),
    Student("qwen-37k", .qwen2, width: 32, heads: 4, layers: 3, rate: 5e-3),
    Student("llama-79k", .llama, width: 48, heads: 4, layers: 3, rate: 4e-3),
    standard,
    Student("qwen-290k", .qwen2, width: 80, heads: 4, layers: 4, rate: 2.5e-3),
    Student("llama-566k", .llama, width: 112, heads: 4, layers: 4, rate: 2e-3),
  ]
  // snippet.end

  /// The one that is distilled when nothing else is said.
  public static let standard = Student(
    "qwen-189k", .qwen2, width: 64, heads: 4, layers: 4, rate: 3e-3)

  private init(
    _ name: String, _ family: DecoderConfiguration.Family, width: Int, heads: Int, layers: Int,
    rate: Float
  ) {
    let alphabet = TaskAlphabet.standard
    self.name = name
    self.rate = rate
    // Two heads of keys and values at most, and 2 ⅔ widths inside, rounded up to eights.
    model = DecoderConfiguration(
      family: family, vocabularySize: alphabet.tokenizer.vocabularySize, width: width,
      feedForwardWidth: (width * 8 / 3 + 7) / 8 * 8, layers: layers, heads: heads,
      keyValueHeads: heads / 2, maximumPositions: 64, beginToken: alphabet.begin,
      endTokens: [alphabet.end], padToken: alphabet.padding)
  }

  /// The student of a name.
  public static func named(_ name: String) -> Student? { all.first { $0.name == name } }

  /// The training of its base.
  public func plan(steps: Int? = nil, seed: UInt64 = 0) -> TrainingPlan {
    var plan = TrainingPlan(
      steps: steps ?? 1000, sequences: 128, length: 48, rate: rate,
      schedule: .trapezoid(warmup: 40), seed: seed)
    plan.rule = .muon
    plan.shards = 8
    return plan
  }

  /// What the base reads: the mixture of the teacher's base with hardly a thought for long sums.
  ///
  /// One in a hundred is shown with its steps, so that sampling finds next to no thoughts to
  /// reinforce.
  public static let mix = TaskMix.base(longThinking: 0.01)

  /// The examples of the base.
  public static func examples(_ plan: TrainingPlan) -> ExampleSource {
    Reasoner.examples(plan, mix: mix)
  }
}
