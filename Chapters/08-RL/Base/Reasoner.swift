import Attention
import Checkpoints
import MTP
import MoE
import Tensors
import Text

/// The small V3 that learns to reason, and the training that makes its base.
public enum Reasoner {
  /// Latent attention in three layers, two of them with eight experts of which a token visits
  /// two.
  public static let model = DecoderConfiguration(
    family: .deepseekV3, vocabularySize: TaskAlphabet.standard.tokenizer.vocabularySize,
    width: 96, feedForwardWidth: 256, layers: 3, heads: 4, maximumPositions: 64,
    initializerRange: 0.02, beginToken: TaskAlphabet.standard.begin,
    endTokens: [TaskAlphabet.standard.end], padToken: TaskAlphabet.standard.padding,
    latentAttention: LatentAttentionSizes(
      queryRank: nil, keyValueRank: 32, contentWidth: 16, rotaryWidth: 16, valueWidth: 24),
    experts: ExpertSizes(
      count: 8, active: 2, shared: 1, width: 64, scoring: .sigmoid, selection: .biased,
      normalizes: true, scale: 1, balanceWeight: 1e-4))

  /// The training of the base.
  public static let plan: TrainingPlan = {
    var plan = TrainingPlan(
      steps: 2000, sequences: 128, length: 48, rate: 1e-3,
      schedule: .cosine(warmup: 50, floor: 0.1))
    plan.shards = 8
    plan.coefficients = [
      Coefficient.biasSpeed.name: Schedule(phases: [
        .init(until: 0.9, at: 0.01), .init(until: 1, at: 0),
      ])
    ]
    return plan
  }()

  /// The examples of a base.
  public static func examples(_ plan: TrainingPlan, mix: TaskMix = .base()) -> ExampleSource {
    ExampleSource(
      mix, sequences: plan.sequences, length: plan.length, seed: plan.seed)
  }
}
