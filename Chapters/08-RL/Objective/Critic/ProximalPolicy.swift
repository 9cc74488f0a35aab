import Attention
import Tensors

/// Proximal policy optimisation as in RLHF: a critic instead of a group, the penalty in the reward.
///
/// Papers: Schulman et al., 2017; DeepSeekMath eq. 1 and 2.
public struct ProximalPolicy: Sendable, Equatable {
  /// The clipped surrogate, which is GRPO's; its advantages are not asked for.
  public var policy: Objective
  /// From rewards and values to advantages.
  public var advantage: GeneralizedAdvantage
  /// c₁, the weight of the critic's loss.
  public var valueWeight: Double
  /// How far a value may move from what it was; nil has no window.
  public var valueClip: Double?
  /// β: each token is charged β (log π_old − log π_ref) in its reward.
  public var charge: Double
  /// Whether the critic's loss also moves the model under it.
  public var criticMovesPolicy: Bool

  /// Creates the method with the usual settings.
  public init(
    policy: Objective = Objective(advantage: .reward, weight: .batchTokens, clip: Clip(0.2)),
    advantage: GeneralizedAdvantage = GeneralizedAdvantage(discount: 1, trace: 0.95),
    valueWeight: Double = 0.5, valueClip: Double? = 0.2, charge: Double = 0,
    criticMovesPolicy: Bool = false
  ) {
    self.policy = policy
    self.advantage = advantage
    self.valueWeight = valueWeight
    self.valueClip = valueClip
    self.charge = charge
    self.criticMovesPolicy = criticMovesPolicy
  }

  /// The reward of each token: the response's own at its end, and on the way what departing costs.
  public func rewards(of response: Response, reward: Double) -> [Double] {
    var rewards = [Double](repeating: 0, count: response.length)
    if charge > 0 {
      guard let reference = response.referenceLogProbabilities else {
        fatalError("ProximalPolicy: a charge needs the reference's log-probabilities")
      }
      for (t, (own, other)) in zip(response.logProbabilities, reference).enumerated() {
        rewards[t] = -charge * Double(own - other)
      }
    }
    rewards[rewards.count - 1] += reward
    return rewards
  }

  /// The advantage of each token of a response.
  public func advantages(
    of response: Response, reward: Double, values: [Float]
  ) -> [Double] {
    advantage(
      rewards: rewards(of: response, reward: reward), values: values.map(Double.init))
  }
}

extension LanguageModel {
  /// The gradient of PPO on responses, for the policy and its critic together.
  /// - Parameter values: V(s_t) of the critic when the responses were sampled.
  public func policyGradient(
    of method: ProximalPolicy, critic: Critic, on groups: [ResponseGroup],
    values: [[[Float]]], shards: Int = 8
  ) -> PolicyGradient {
    let weights = method.policy.weight.weights(of: groups)
    let objective = method.policy
    return policyGradient(groups, shards: shards) { _ in
      true
    } loss: { hidden, head, places in
      var tokens = PolicyTokens()
      var (old, targets): ([Float], [Double]) = ([], [])
      for place in places {
        let response = groups.response(place)
        let known = values[place.group][place.index]
        let advantages = method.advantages(
          of: response, reward: groups[place.group].rewards[place.index], values: known)
        tokens.append(
          response, advantages: advantages, weight: weights[place.group][place.index])
        old += known
        targets += zip(advantages, known).map { $0 + Double($1) }
      }
      let policy = hidden.policyLoss(head: head, of: tokens, objective)
      let seen = method.criticMovesPolicy ? hidden : hidden.detached
      let critic = critic(seen).valueLoss(
        targets: targets, old: old, weights: tokens.weights, clip: method.valueClip)
      return (policy.loss + critic * Float(method.valueWeight), policy.statistics)
    }
  }
}
