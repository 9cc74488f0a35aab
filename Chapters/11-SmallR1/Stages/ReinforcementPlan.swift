import RL
import Tensors

/// Everything that decides the course of a stage of reinforcement, apart from its start.
public struct ReinforcementPlan: Codable, Sendable, Equatable {
  /// The number of updates.
  public var updates = 60
  /// The questions of an update.
  public var prompts = 32
  /// G, the responses to each question.
  public var samples = 16
  /// The most tokens of a response.
  public var budget = 40
  /// The fewest and the most digits of the sums that are asked.
  public var smallest = 5, largest = 6
  /// The learning rate at its highest.
  public var rate: Float = 3e-5
  /// The course of the rate.
  public var schedule = Schedule.linear(floor: 0.1)
  /// The longest gradient that is used unshortened.
  public var clip: Float = 1
  /// ε_low and ε_high of the ratio's window.
  public var clipLow = 0.2, clipHigh = 0.28
  /// β, the weight of the penalty for leaving the reference.
  public var penalty = 0.0
  /// The updates after which the reference becomes the present policy; 0 never.
  public var refreshEvery = 0
  /// T of the samples.
  public var temperature = 1.0
  /// What the rules pay.
  public var reward = StageReward.accuracy
  /// The share of questions that are requests, once they are asked.
  public var requests = 0.0
  /// The share of the updates that are over before requests are asked.
  ///
  /// DeepSeek-R1 used preference rewards in the last 400 of 1 700 updates: longer training hacks
  /// the reward model.
  public var requestsAfter = 0.75
  /// The most words of an answer to a request that are paid at all; 0 has no such rule.
  public var mostWords = 0
  /// The updates between two looks at questions that are not trained on.
  public var lookEvery = 10
  /// The questions of each kind that are looked at.
  public var problems = 100
  /// The seed of questions and samples.
  public var seed: UInt64 = 0

  /// A plan with the usual settings.
  public init() {}

  /// J.
  public var objective: Objective {
    Objective(
      advantage: .scored(.population), weight: .constant(budget),
      clip: Clip(low: clipLow, high: clipHigh), penalty: Penalty(weight: penalty),
      temperature: temperature)
  }

  /// The sizes of the sums.
  public var sizes: ClosedRange<Int> { smallest...max(smallest, largest) }

  /// How many of an update's questions are requests; the updates count from 1.
  public func requests(at update: Int) -> Int {
    guard Double(update - 1) >= requestsAfter * Double(updates) else { return 0 }
    return Int((requests * Double(prompts)).rounded())
  }

  /// Whether the numbers make sense; a plan that was read from a file might not.
  var isPossible: Bool {
    let counts = [updates, prompts, samples, budget, smallest, largest, lookEvery, problems]
    // Of the ten sums of one digit perhaps none is held out, and no look would find one.
    return counts.allSatisfy { (1...1_000_000).contains($0) } && smallest >= 2
      && smallest <= largest && largest <= 64 && prompts * samples <= 1 << 20
      && budget <= 4096 && rate > 0 && rate.isFinite && clip > 0 && clipLow >= 0
      && clipHigh >= 0 && penalty >= 0 && penalty.isFinite && refreshEvery >= 0
      && mostWords >= 0
      && (0...1).contains(requests) && (0...1).contains(requestsAfter)
      && temperature > 0 && temperature.isFinite && reward.formatWeight.isFinite
      && reward.languageWeight.isFinite
  }
}
