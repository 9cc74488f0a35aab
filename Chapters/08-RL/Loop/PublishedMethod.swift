/// The published ways from rewards to a step, each with the settings of its paper.
public enum PublishedMethod: String, Codable, Sendable, CaseIterable {
  /// DeepSeekMath §4: the group is the baseline, a response's tokens are averaged, β is 0.04.
  case grpo
  /// Liu et al., 2025: neither the length nor the spread of rewards is divided by.
  case drGRPO = "dr-grpo"
  /// Yu et al., 2025: a window that is wider upwards, and questions until enough groups are mixed.
  case dapo
  /// Schulman et al., 2017, as in RLHF: a critic learns what reward to expect, with λ = 0.95.
  case ppo
  /// The same with λ = 1, which trusts the reward alone (DeepSeek-R1 in *Nature*, A.3).
  case fullTracePPO = "ppo-full"

  /// What of PPO is not an objective; nil for the methods that compare a group with itself.
  public var proximal: ProximalPolicy? {
    switch self {
    case .grpo, .drGRPO, .dapo: nil
    case .ppo: ProximalPolicy()
    case .fullTracePPO: ProximalPolicy(advantage: GeneralizedAdvantage())
    }
  }

  /// The objective of the paper.
  /// - Parameter budget: the most tokens of a response.
  public func objective(budget: Int) -> Objective {
    switch self {
    case .grpo: .grpo
    case .drGRPO: .drGRPO(budget: budget)
    case .dapo: .dapo
    case .ppo, .fullTracePPO: (proximal ?? ProximalPolicy()).policy
    }
  }
}
