import Attention
import Checkpoints
import MTP
import MoE
import RL
import Tensors
import Text

/// The base of chapter 8's demonstration and its run: the book's experiment, but smaller.
struct RLLesson {
  /// The digits of the sums that are asked: those that the base hardly ever thinks about.
  static let sizes = 5...6

  /// Two layers, one of them with four experts of which a token visits two.
  static let model: DecoderConfiguration = {
    var model = Reasoner.model
    model.width = 64
    model.feedForwardWidth = 160
    model.layers = 2
    model.latentAttention = LatentAttentionSizes(
      queryRank: nil, keyValueRank: 24, contentWidth: 16, rotaryWidth: 16, valueWidth: 16)
    model.experts = ExpertSizes(
      count: 4, active: 2, shared: 1, width: 48, scoring: .sigmoid, selection: .biased,
      normalizes: true, scale: 1, balanceWeight: 1e-4)
    return model
  }()

  /// Half of the short sums show their steps, of the long ones 7 %; and some digits to sort or copy.
  static let mix: TaskMix = {
    let sums = [(3, 40, 0.5), (4, 24, 0.5), (5, 12, 0.07), (6, 12, 0.07)].map {
      TaskMix.Entry(.digitSum, size: $0, weight: $1, thinking: $2)
    }
    let controls = (3...6).flatMap { size in
      [
        TaskMix.Entry(.sorting, size: size, weight: 2),
        TaskMix.Entry(.copying, size: size, weight: 2),
      ]
    }
    return TaskMix(sums + controls)
  }()

  let plan: TrainingPlan
  let reinforcement: ZeroPlan

  /// Decides everything but the base.
  init(seed: UInt64) {
    var plan = Reasoner.plan
    plan.steps = 2000
    plan.sequences = 64
    plan.length = 28
    plan.rate = 3e-3
    plan.seed = seed
    self.plan = plan
    var zero = ZeroPlan()
    zero.updates = 40
    zero.prompts = 24
    zero.samples = 16
    zero.budget = 20
    (zero.smallest, zero.largest) = (Self.sizes.lowerBound, Self.sizes.upperBound)
    zero.rate = 1e-4
    zero.evaluateEvery = 5
    zero.problems = 100
    zero.patience = 0
    zero.seed = seed
    reinforcement = zero
  }

  /// A training of the base.
  func trainer() -> Trainer<DeepSeekModel> {
    Trainer(
      DeepSeekModel(Self.model, seed: plan.seed), plan: plan,
      batches: Reasoner.examples(plan, mix: Self.mix))
  }

  /// A run that starts from a base.
  func run(from base: DeepSeekModel) -> ZeroRun {
    ZeroRun(base, twin: DeepSeekModel(Self.model, seed: 0), plan: reinforcement)
  }
}
