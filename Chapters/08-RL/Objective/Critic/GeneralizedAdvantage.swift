/// How far the rewards after each token exceeded what a critic expected there.
///
/// δ_t = r_t + γ V(s_{t+1}) − V(s_t) and A_t = Σ_l (γλ)^l δ_{t+l}; after the last token nothing is
/// expected. With γ = λ = 1 and one reward r at the end, A_t = r − V(s_t).
/// Paper: Schulman et al., 2016, eq. 16.
public struct GeneralizedAdvantage: Sendable, Equatable {
  /// γ, what a reward is worth one token later.
  public var discount: Double
  /// λ, how far the rewards themselves are trusted more than the critic.
  public var trace: Double

  /// Creates an estimator.
  public init(discount: Double = 1, trace: Double = 1) {
    self.discount = discount
    self.trace = trace
  }

  /// The advantage of each token.
  public func callAsFunction(rewards: [Double], values: [Double]) -> [Double] {
    var advantages = [Double](repeating: 0, count: rewards.count)
    var (next, sum) = (0.0, 0.0)
    for t in rewards.indices.reversed() {
      sum = rewards[t] + discount * next - values[t] + discount * trace * sum
      (advantages[t], next) = (sum, values[t])
    }
    return advantages
  }
}
