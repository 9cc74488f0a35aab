import Foundation

/// The answer to exercise 8.2.
///
/// Why this way: the minimum makes the clip one-sided. Only a token that has gone far enough in the
/// good direction is let go; one that went the wrong way is pulled back, however far it is. The slope
/// of ρ along log π is ρ itself. The penalty's is 1 − eᵈ, times −β; where d is cut, nothing depends
/// on log π any more. And a dead group must leave before both: with A = 0 alone it would still be
/// drawn to the reference.
public func pull(
  on token: (log: Double, old: Double, reference: Double), rewards: [Double], response: Int,
  clip: (low: Double, high: Double), beta: Double
) throws -> Double {
  guard let advantage = advantage(rewards, response) else { return 0 }
  return surrogate(exp(token.log - token.old), advantage, clip)
    + beta * back(token.reference - token.log)
}

/// (r − mean) / deviation; nil in a dead group.
private func advantage(_ rewards: [Double], _ response: Int, least: Double = 1e-6) -> Double? {
  let mean = rewards.reduce(0, +) / Double(rewards.count)
  let square = rewards.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(rewards.count)
  let deviation = square.squareRoot()
  return deviation < least ? nil : (rewards[response] - mean) / deviation
}

private func surrogate(
  _ ratio: Double, _ advantage: Double, _ clip: (low: Double, high: Double)
) -> Double {
  let isFarUp = advantage > 0 && ratio > 1 + clip.high
  let isFarDown = advantage < 0 && ratio < 1 - clip.low
  return isFarUp || isFarDown ? 0 : ratio * advantage
}

private func back(_ difference: Double) -> Double {
  abs(difference) > 5 ? 0 : exp(difference) - 1
}

/// Wrong answers to exercise 8.2.
public enum Mutants8_2 {
  /// log π, log π_old and log π_ref.
  public typealias Token = (log: Double, old: Double, reference: Double)
  /// ε on both sides.
  public typealias Window = (low: Double, high: Double)

  private static func pull(
    _ token: Token, _ rewards: [Double], _ response: Int, _ beta: Double, least: Double = 1e-6,
    back: (Double) -> Double = back, surrogate: (_ ratio: Double, _ advantage: Double) -> Double
  ) -> Double {
    guard let advantage = advantage(rewards, response, least: least) else { return 0 }
    return surrogate(exp(token.log - token.old), advantage)
      + beta * back(token.reference - token.log)
  }

  /// Lets every token go that has left the window.
  public static func clipsBothSides(
    on token: Token, rewards: [Double], response: Int, clip: Window, beta: Double
  ) throws -> Double {
    pull(token, rewards, response, beta) { ratio, advantage in
      ratio > 1 + clip.high || ratio < 1 - clip.low ? 0 : ratio * advantage
    }
  }

  /// Clips as if every answer were right.
  public static func forgetsTheSign(
    on token: Token, rewards: [Double], response: Int, clip: Window, beta: Double
  ) throws -> Double {
    pull(token, rewards, response, beta) { $0 > 1 + clip.high ? 0 : $0 * $1 }
  }

  /// Cuts the ratio, and goes on pulling.
  public static func keepsPulling(
    on token: Token, rewards: [Double], response: Int, clip: Window, beta: Double
  ) throws -> Double {
    pull(token, rewards, response, beta) { ratio, advantage in
      min(ratio * advantage, min(max(ratio, 1 - clip.low), 1 + clip.high) * advantage)
    }
  }

  /// Uses ε_low on both sides.
  public static func hasOneWidth(
    on token: Token, rewards: [Double], response: Int, clip: Window, beta: Double
  ) throws -> Double {
    pull(token, rewards, response, beta) { surrogate($0, $1, (clip.low, clip.low)) }
  }

  /// Drives the policy away from the reference.
  public static func flipsThePenalty(
    on token: Token, rewards: [Double], response: Int, clip: Window, beta: Double
  ) throws -> Double {
    pull(token, rewards, response, beta, back: { -back($0) }) { surrogate($0, $1, clip) }
  }

  /// Does not cut d.
  public static func doesNotCut(
    on token: Token, rewards: [Double], response: Int, clip: Window, beta: Double
  ) throws -> Double {
    pull(token, rewards, response, beta, back: { exp($0) - 1 }) { surrogate($0, $1, clip) }
  }

  /// Cuts d, and pulls where J is constant.
  public static func pullsWhereCut(
    on token: Token, rewards: [Double], response: Int, clip: Window, beta: Double
  ) throws -> Double {
    pull(token, rewards, response, beta, back: { exp(min(max($0, -5), 5)) - 1 }) {
      surrogate($0, $1, clip)
    }
  }

  /// Draws a dead group to the reference.
  public static func pullsTheDead(
    on token: Token, rewards: [Double], response: Int, clip: Window, beta: Double
  ) throws -> Double {
    guard advantage(rewards, response) == nil else {
      return pull(token, rewards, response, beta) { surrogate($0, $1, clip) }
    }
    return beta * back(token.reference - token.log)
  }

  /// Takes rounding for a difference between rewards.
  public static func livesOnRounding(
    on token: Token, rewards: [Double], response: Int, clip: Window, beta: Double
  ) throws -> Double {
    pull(token, rewards, response, beta, least: 1e-300) { surrogate($0, $1, clip) }
  }
}
