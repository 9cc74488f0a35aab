import Attention
import Tensors
import Text

/// How documents become a pre-trained model: the data, the plan, and what is watched.
///
/// A value that is stored with a run. It has the shape of DeepSeek-V3's recipe; the numbers that
/// depend on the size of a training are scaled to it.
public struct PretrainingRecipe: Sendable, Equatable, Codable {
  /// The word that chooses it.
  public let name: String
  /// The bytes of the built-in corpus that are drawn to train.
  public var bytes: Int
  /// The places of all batches of a training: about a quarter of an hour on two cores.
  public var tokens: Int
  /// The size of the vocabulary that is learnt for a model whose tokens are merged bytes.
  ///
  /// With 768 tokens most stories of the built-in corpus are shorter than half a row of 256, so two
  /// share it and nine places in ten are used; with 512 it is seven in ten.
  public var vocabularySize = 768
  /// What counts as a copy; nil keeps copies.
  public var deduplication: Deduplicator.Rule? = Deduplicator.Rule()
  /// The share of documents that are told as prefix, suffix and middle.
  public var fillRate = 0.1
  /// Whether attention stays within documents.
  ///
  /// DeepSeek-V3 lets it cross in pre-training, with rows of 4096 tokens. In our rows of a few
  /// documents the foreign ones would be most of what a token sees.
  public var isolatesDocuments = true
  /// The deviation of fresh weights.
  ///
  /// With the usual 0.02 and rows of 128, attention begins by looking at everything alike, and a
  /// short training spends much of its time on changing that.
  public var initializerRange = 0.15
  /// What the monitor takes for a fault.
  public var limits = TrainingMonitor.Limits()

  /// DeepSeek-V3's recipe in small.
  ///
  /// Paper: DeepSeek-V3 §4.1 and §4.2.
  public static let v3 = PretrainingRecipe(name: "v3", bytes: 16_000_000, tokens: 16_000_000)

  /// All that have a name.
  public static let all = [v3]

  /// The one with a name.
  public static func named(_ name: String) -> PretrainingRecipe? {
    all.first { $0.name == name }
  }

  /// The least steps of a warm-up: Adam's averages look back over twenty.
  static let leastWarmup = 40

  /// The plan of a training with this recipe.
  ///
  /// AdamW with β = (0.9, 0.95), or another rule; a decay of 0.1, a gradient no longer than 1. Rate, λ
  /// and γ change at the shares of tokens at which V3's did, and batches grow over the same share to
  /// five times their first size.
  public func plan(
    for base: NamedConfiguration, steps: Int? = nil, rule: TrainingPlan.Rule = .adamW
  ) -> TrainingPlan {
    var plan = base.plan
    plan.steps = steps ?? self.steps(of: plan)
    plan.rule = rule
    (plan.rate, plan.matrixRate) = Self.rates(of: rule)
    plan.decay = 0.1
    plan.clip = 1
    return scaled(plan)
  }

  /// The tokens of a model: bytes where it has bytes, else as many as the recipe learns.
  public func alphabet(for base: NamedConfiguration) -> NamedConfiguration.Alphabet {
    base.alphabet == .bytes ? .bytes : .merged(vocabulary: vocabularySize)
  }

  /// The steps in which a plan sees the tokens of the recipe.
  public func steps(of plan: TrainingPlan) -> Int { max(tokens / plan.tokensPerStep, 1) }

  /// The highest learning rates of a small model, and of its matrices with Muon; large ones want less.
  static func rates(of rule: TrainingPlan.Rule) -> (Float, matrices: Float) {
    switch rule {
    case .adamW: (4e-3, 0.02)
    case .muon: (2.5e-3, 0.01)
    }
  }

  // snippet.scaled
  /// Fits warm-up and ramp to the steps of a plan.
  public func scaled(_ plan: TrainingPlan) -> TrainingPlan {
    var plan = plan
    let published = PublishedTraining.self
    let share = Double(published.warmup) / Double(published.plan.steps)
    let warmup = max(Int(share * Double(plan.steps)), min(Self.leastWarmup, plan.steps / 10))
    plan.schedule = .deepSeekV3(warmup: warmup)
    let first = plan.sequences * published.batch.first / published.batch.full
    let growth = published.growth / published.tokens * Double(plan.steps * plan.sequences)
    plan.ramp = BatchRamp(from: max(first, 1), over: Int(growth))
    return plan
  }
  // snippet.end
}
