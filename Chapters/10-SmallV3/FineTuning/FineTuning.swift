import Attention
import Checkpoints
import MTP
import Tensors
import Text

/// Supervised fine-tuning: a base learns to answer from conversations that somebody wrote.
///
/// Every target token of a batch counts the same, whichever row or shard it stands in: the loss is
/// the sum over the batch divided by its number of targets.
/// Paper: DeepSeek-V3 §5.1, two epochs with a cosine from 5e-6 to 1e-6; R1 falls to a tenth.
public struct FineTuning: Sendable, Equatable {
  /// How often each conversation is seen.
  public var epochs = 2
  /// The rows of a batch.
  public var sequences = 8
  /// The highest rate, as a share of the base's.
  ///
  /// DeepSeek-V3's is 5e-6 of 2.2e-4, 2.3 %, over 1.5 million conversations. Ours are a few thousand,
  /// and at 5 % a small base learns the form of an answer from them, but hardly to be right.
  public var rateShare: Float = 0.2
  /// The share of its highest to which the rate falls.
  public var floor = 0.1
  /// The seed of the order.
  public var seed: UInt64 = 0

  /// The usual settings.
  public init() {}

  /// The plan, after the one that trained the base.
  public func plan(after base: TrainingPlan, for source: ConversationSource) -> TrainingPlan {
    var plan = base
    plan.steps = epochs * source.batchesPerEpoch
    plan.sequences = source.sequences
    plan.ramp = nil
    plan.length = source.length
    plan.rate = base.rate * rateShare
    plan.matrixRate = base.matrixRate * rateShare
    plan.schedule = .cosine(warmup: min(10, plan.steps / 10), floor: floor)
    plan.coefficients = Self.settled(base.coefficients)
    plan.precision = nil  // a few steps, small ones: 32 bits cost little
    plan.seed = seed
    return plan
  }

  /// What layers depend on stays as the base's training left it.
  private static func settled(_ courses: [String: Schedule]) -> [String: Schedule] {
    courses.mapValues { Schedule(phases: [.init(until: 1, at: $0.factor(at: 1))]) }
  }
}

extension SavedModel where Model == DeepSeekModel {
  /// The same model with a tokenizer that writes conversations in a form.
  ///
  /// Where the tokenizer lacks a special token, it gets one, and the model a vector for it.
  public func ready(for template: ChatTemplate, seed: UInt64) -> SavedModel {
    let tokenizer = self.tokenizer.speaking(template)
    var configuration = self.configuration
    configuration.vocabularySize = max(configuration.vocabularySize, tokenizer.vocabularySize)
    configuration.beginToken = tokenizer.beginID
    configuration.endTokens = tokenizer.endID.map { [$0] } ?? []
    configuration.padToken = tokenizer.addedID(of: ChatTokens.padding)
    var generation = self.generation
    generation.beginToken = configuration.beginToken
    generation.endTokens = configuration.endTokens
    generation.padToken = configuration.padToken
    return SavedModel(
      configuration: configuration,
      model: model.carried(into: configuration, seed: seed), tokenizer: tokenizer,
      generation: generation)
  }
}

extension Tokenizer {
  /// The same tokenizer with the special tokens of a conversation, and the template that says how
  /// one is written.
  public func speaking(_ template: ChatTemplate) -> Tokenizer {
    var settings = settings
    settings.beginToken = ChatTokens.begin
    settings.endToken = ChatTokens.end
    settings.paddingToken = ChatTokens.padding
    settings.chatTemplate = template.jinja
    return adding(special: ChatTokens.all).with(settings)
  }
}
