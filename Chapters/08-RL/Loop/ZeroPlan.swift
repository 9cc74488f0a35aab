import Tensors
import Text

/// Everything that decides the course of a reinforcement learning run, apart from the base.
public struct ZeroPlan: Codable, Sendable, Equatable {
  /// What the tokens of a response are divided by.
  public enum Normalizer: String, Codable, Sendable, CaseIterable {
    /// A constant, the budget: every token counts the same (Dr. GRPO).
    case constant
    /// The length of the response: every response counts the same (DeepSeekMath).
    case sequence
    /// The tokens of the group (DAPO).
    case group
    /// The tokens of the batch (DAPO as trl and verl have it).
    case batch
  }

  /// The number of updates.
  public var updates = 100
  /// A published method, whose objective takes the place of the switches below.
  public var method: PublishedMethod?
  /// The prompts of an update.
  public var prompts = 32
  /// G, the responses to each prompt.
  public var samples = 16
  /// The most tokens of a response.
  public var budget = 32
  /// The family of the problems that are asked.
  public var task = TaskKind.digitSum
  /// The fewest and the most digits of the sums that are asked, or of each factor.
  public var smallest = 8, largest = 10
  /// The learning rate: about 3 % of the base's.
  public var rate: Float = 3e-5
  /// The course of the rate.
  public var schedule = Schedule.linear(floor: 0.1)
  /// The longest gradient that is used unshortened.
  public var clip: Float = 1
  /// How much is divided by what.
  public var normalizer = Normalizer.constant
  /// Whether a group's rewards are divided by their deviation.
  public var dividesByDeviation = true
  /// ε_low and ε_high of the ratio's window.
  public var clipLow = 0.2, clipHigh = 0.28
  /// β, the weight of the penalty for leaving the reference.
  public var penalty = 0.0
  /// The updates after which the reference becomes the present policy; 0 never.
  public var refreshEvery = 0
  /// The optimizer's steps for each rollout.
  public var stepsPerRollout = 1
  /// Whether prompts are drawn until enough groups have both right and wrong answers; DAPO's
  /// always are.
  public var drawsUntilMixed = false
  /// What is paid.
  public var reward = RewardRule()
  /// The updates between two looks at problems that are not trained on.
  public var evaluateEvery = 10
  /// The problems of each kind that are looked at.
  public var problems = 100
  /// What a policy may lose of the controls and still be the best.
  ///
  /// No reward watches the controls: they say what the updates destroy on the way.
  public var tolerance = 0.02
  /// The looks without a better score after which the run stops; 0 never stops.
  public var patience = 6
  /// The seed of prompts and samples.
  public var seed: UInt64 = 0

  /// The plan that the book uses.
  public init() {}

  /// The plan for another family: products of two digits by two, whose steps need more tokens.
  public static var products: ZeroPlan {
    var plan = ZeroPlan()
    plan.task = .multiplication
    (plan.smallest, plan.largest) = (2, 2)
    plan.budget = 48
    return plan
  }

  /// The problems that are asked.
  public var mix: TaskMix { TaskMix(sizes.map { TaskMix.Entry(task, size: $0) }) }

  /// The characters of the longest question.
  public var longestQuestion: Int {
    switch task {
    case .addition, .multiplication: 2 * largest + 1
    default: largest + 1
    }
  }

  /// The sizes of the problems that are asked.
  public var sizes: ClosedRange<Int> { smallest...max(smallest, largest) }

  /// J: that of the method, or what the switches say.
  public var objective: Objective {
    if let method { return method.objective(budget: budget) }
    let weight: TokenWeight =
      switch normalizer {
      case .constant: .constant(budget)
      case .sequence: .sequenceMean
      case .group: .groupTokens
      case .batch: .batchTokens
      }
    return Objective(
      advantage: dividesByDeviation ? .scored(.population) : .centred, weight: weight,
      clip: Clip(low: clipLow, high: clipHigh), penalty: Penalty(weight: penalty))
  }

  /// Whether the numbers make sense; a plan that was read from a file might not.
  var isPossible: Bool {
    let counts = [
      updates, prompts, samples, budget, smallest, largest, evaluateEvery, problems,
    ]
    return counts.allSatisfy { (1...1_000_000).contains($0) } && smallest <= largest
      && largest <= 64 && prompts * samples <= 1 << 20 && budget <= 4096
      && (1...prompts).contains(stepsPerRollout) && rate > 0 && rate.isFinite && clip > 0
      && clipLow >= 0 && clipHigh >= 0 && penalty >= 0 && penalty.isFinite && tolerance >= 0
      && [refreshEvery, patience].allSatisfy { $0 >= 0 }
      && reward.formatWeight.isFinite
  }
}
