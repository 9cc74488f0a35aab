import Tensors

/// How a reward becomes the advantage that all tokens of its response share.
public enum AdvantageRule: Sendable, Equatable {
  /// The deviation by which a group's rewards are divided.
  public enum Deviation: Sendable, Equatable {
    /// The mean square is over n, as numpy has it.
    case population
    /// The mean square is over n − 1, as torch has it.
    case sample
  }

  /// r: REINFORCE without a baseline.
  case reward
  /// r − mean: the group's mean is the baseline (Dr. GRPO, §3.2).
  case centred
  /// (r − mean) / (deviation + ε): GRPO (DeepSeekMath §4.1.2).
  case scored(Deviation, epsilon: Double = 1e-4)
  /// 1 for a reward of at least so much, and 0 below: rejection sampling (DeepSeekMath §5.2.1).
  case accepted(from: Double)

  /// The deviation below which rewards are equal but for rounding.
  public static let leastDeviation = 1e-6

  // snippet.advantages
  /// The advantage of each response of a group; exactly zero in a dead group.
  public func callAsFunction(_ rewards: [Double]) -> [Double] {
    guard isLive(rewards) else { return rewards.map { _ in 0 } }
    let mean = rewards.reduce(0, +) / Double(max(rewards.count, 1))
    switch self {
    case .reward: return rewards
    case .accepted(let least): return rewards.map { $0 >= least ? 1 : 0 }
    case .centred: return rewards.map { $0 - mean }
    case .scored(let kind, let epsilon):
      let deviation = Self.deviation(rewards, kind)
      return rewards.map { ($0 - mean) / (deviation + epsilon) }
    }
  }
  // snippet.end

  /// Whether a group teaches anything.
  ///
  /// Where rewards are compared with each other, equal ones say nothing. Dividing their
  /// rounding by ε would make something of it.
  public func isLive(_ rewards: [Double]) -> Bool {
    switch self {
    case .reward: rewards.contains { $0 != 0 }
    case .accepted(let least): rewards.contains { $0 >= least }
    case .centred, .scored: Self.deviation(rewards, .population) >= Self.leastDeviation
    }
  }

  private static func deviation(_ rewards: [Double], _ kind: Deviation) -> Double {
    let count = Double(rewards.count)
    guard count > 1 else { return 0 }
    let mean = rewards.reduce(0, +) / count
    let squares = rewards.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / (kind == .population ? count : count - 1)).squareRoot()
  }
}
