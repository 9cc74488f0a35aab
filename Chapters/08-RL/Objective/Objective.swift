import Foundation
import Tensors

/// What a policy is improved towards: GRPO and its rivals, each a choice of switches.
///
/// J = Σ w (min(ρ Â, clip(ρ) Â) − β k) over the tokens of all responses; training minimises −J.
/// Papers: DeepSeekMath §4.1; DeepSeek-R1 eq. 1–3; DAPO; Dr. GRPO.
public struct Objective: Sendable, Equatable {
  /// What is compared with the policy that sampled.
  public enum Ratio: Sendable, Equatable {
    /// Nothing: the surrogate is Â log π, as in REINFORCE and in learning from examples.
    case none
    /// Each token's probability (DeepSeekMath eq. 3).
    case token
    /// The probability of the whole response (DeepSeek-R1 eq. 1 as printed), for comparison.
    case sequence
  }

  /// How rewards become advantages.
  public var advantage: AdvantageRule
  /// What share of the loss a token has.
  public var weight: TokenWeight
  /// What ρ is.
  public var ratio: Ratio
  /// The window of ρ; nil has no edges.
  public var clip: Clip?
  /// The cost of departing from the reference.
  public var penalty: Penalty
  /// T, at which the responses were sampled.
  public var temperature: Double
  /// Whether truncated responses are left out of the loss (DAPO's overlong filtering).
  public var leavesOutTruncated: Bool
  /// What long responses lose of their reward (DAPO's soft overlong punishment).
  public var overlong: OverlongPunishment?

  /// Creates an objective.
  public init(
    advantage: AdvantageRule, weight: TokenWeight, ratio: Ratio = .token, clip: Clip? = nil,
    penalty: Penalty = .none, temperature: Double = 1, leavesOutTruncated: Bool = false,
    overlong: OverlongPunishment? = nil
  ) {
    insist(temperature > 0, "Objective: the temperature \(temperature) must be positive")
    self.advantage = advantage
    self.weight = weight
    self.ratio = ratio
    self.clip = clip
    self.penalty = penalty
    self.temperature = temperature
    self.leavesOutTruncated = leavesOutTruncated
    self.overlong = overlong
  }
}

/// A punishment that grows over the last tokens of the budget: 0 before, −1 at its end.
///
/// Paper: DAPO §3.4.
public struct OverlongPunishment: Sendable, Equatable {
  /// L_max, the length at which the whole punishment is due.
  public var limit: Int
  /// L_cache, the tokens before it over which it grows.
  public var zone: Int

  /// Creates a punishment.
  public init(limit: Int, zone: Int) {
    insist(zone > 0 && zone <= limit, "OverlongPunishment: a zone of \(zone) before \(limit)")
    self.limit = limit
    self.zone = zone
  }

  /// What is added to the reward of a response of some length.
  public func callAsFunction(_ length: Int) -> Double {
    let over = Double(length - (limit - zone)) / Double(zone)
    return -min(max(over, 0), 1)
  }
}

extension Objective {
  /// The rewards of a group with what the objective adds to them.
  public func rewards(of group: ResponseGroup) -> [Double] {
    guard let overlong else { return group.rewards }
    return zip(group.rewards, group.responses).map { $0 + overlong($1.length) }
  }

  /// The advantage of each response of a group.
  public func advantages(of group: ResponseGroup) -> [Double] {
    advantage(rewards(of: group))
  }

  /// Whether a group teaches anything; a dead one is left out of the loss and of the penalty.
  ///
  /// Dynamic sampling draws prompts until it has enough groups of which this is true (DAPO
  /// §3.2).
  public func isLive(_ group: ResponseGroup) -> Bool { advantage.isLive(rewards(of: group)) }

  /// The weight of each token of each response; zero for what is left out.
  public func weights(of groups: [ResponseGroup]) -> [[Double]] {
    zip(groups, weight.weights(of: groups)).map { group, weights in
      let live = isLive(group)
      return zip(group.responses, weights).map { response, weight in
        live && !(leavesOutTruncated && response.isTruncated) ? weight : 0
      }
    }
  }
}
