import RL
import Tensors

/// Everything that decides the making of the small R1, apart from the base.
public struct PipelinePlan: Codable, Sendable, Equatable {
  /// Reinforcement of the base with accuracy alone.
  public var zero = ReinforcementPlan()
  /// Fine-tuning of the base on readable thoughts.
  public var coldStart = ColdStartPlan()
  /// Reinforcement of Dev1 with accuracy, form and language.
  public var reasoning = ReinforcementPlan()
  /// Fine-tuning of the base on what Dev2 got right, and on other data.
  public var rejection = RejectionPlan()
  /// What people like.
  public var preference = RewardPlan()
  /// Reinforcement of Dev3 on everything.
  public var allScenarios = ReinforcementPlan()

  /// The plan that the book uses.
  /// - Parameter seed: decides everything; each stage takes a number of its own from it.
  public init(seed: UInt64 = 0) {
    zero.updates = 80
    zero.rate = 5e-5
    reasoning.updates = 60
    reasoning.rate = 5e-5
    reasoning.reward = .consistent
    allScenarios.updates = 100
    allScenarios.rate = 8e-5
    // Preferences come last, and a rate that has fallen by then would hardly hear them.
    allScenarios.schedule = .constant()
    allScenarios.reward = .consistent
    allScenarios.temperature = 0.7
    allScenarios.requests = 0.5
    allScenarios.requestsAfter = 0.75
    let root = SplitMix64(seed: seed)
    // Files store whole numbers exactly up to 2⁵³.
    func own(_ place: UInt64) -> UInt64 {
      var generator = root.branch(place)
      return generator.next() >> 16
    }
    zero.seed = own(1)
    coldStart.seed = own(2)
    coldStart.tuning.seed = own(3)
    reasoning.seed = own(4)
    rejection.seed = own(5)
    rejection.tuning.seed = own(6)
    preference.seed = own(7)
    allScenarios.seed = own(8)
  }

  /// The plan of a stage of reinforcement; nil for a stage of fine-tuning.
  public func reinforcement(of stage: Stage) -> ReinforcementPlan? {
    switch stage {
    case .zero: zero
    case .reasoning: reasoning
    case .allScenarios: allScenarios
    case .coldStart, .rejection: nil
    }
  }

  /// The plan of a stage of fine-tuning; nil for a stage of reinforcement.
  public func tuning(of stage: Stage) -> TuningPlan? {
    switch stage {
    case .coldStart: coldStart.tuning
    case .rejection: rejection.tuning
    case .zero, .reasoning, .allScenarios: nil
    }
  }

  /// The sizes of the sums that are asked; the same in all stages.
  public var sizes: ClosedRange<Int> { zero.sizes }

  /// Whether the numbers make sense; a plan that was read from a file might not.
  public var isPossible: Bool {
    [zero, reasoning, allScenarios].allSatisfy(\.isPossible) && coldStart.isPossible
      && rejection.isPossible && preference.isPossible
  }
}
