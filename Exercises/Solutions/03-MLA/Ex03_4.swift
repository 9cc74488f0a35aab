import Foundation

/// The answer to exercise 3.4.
///
/// Why this way: both ramps agree on which pairs stay and which are slowed by the whole factor, but
/// not on those between. Turns fall by a quarter from pair to pair, so a ramp in turns drops steeply
/// and then creeps, while a ramp in pairs is straight. For pair 16 of DeepSeek's 32 the paper keeps
/// 0.178 of the frequency and the code 0.538: after stretching by 40 the second turns nearly three
/// times as fast. A checkpoint has learnt the second.
public func keptShares(
  pair: Int, width: Int, theta: Double, originalPositions: Int, betaFast: Double,
  betaSlow: Double
) throws -> (byTurns: Double, byPair: Double) {
  let positions = Double(originalPositions)
  let turns = positions * pow(theta, -2 * Double(pair) / Double(width)) / (2 * .pi)
  func pairTurning(_ turns: Double) -> Double {
    Double(width) * log(positions / (2 * .pi * turns)) / (2 * log(theta))
  }
  let low = max(pairTurning(betaFast).rounded(.down), 0)
  let high = min(pairTurning(betaSlow).rounded(.up), Double(width - 1))
  let ramp = (Double(pair) - low) / max(high - low, 0.001)
  return (clamped((turns - betaSlow) / (betaFast - betaSlow)), 1 - clamped(ramp))
}

private func clamped(_ x: Double) -> Double { min(max(x, 0), 1) }

/// Wrong answers to exercise 3.4.
public enum Mutants3_4 {
  /// What a pair keeps by the paper and by the code.
  public typealias Shares = (byTurns: Double, byPair: Double)

  /// Takes the ramp in turns for both.
  public static func rampsInTurns(
    _ pair: Int, _ width: Int, _ theta: Double, _ positions: Int, _ fast: Double,
    _ slow: Double
  ) throws -> Shares {
    let share = try keptShares(
      pair: pair, width: width, theta: theta, originalPositions: positions, betaFast: fast,
      betaSlow: slow
    ).byTurns
    return (share, share)
  }

  /// Does not round the two bounds to whole pairs.
  public static func roundsNothing(
    _ pair: Int, _ width: Int, _ theta: Double, _ positions: Int, _ fast: Double,
    _ slow: Double
  ) throws -> Shares {
    func place(_ turns: Double) -> Double {
      Double(width) * log(Double(positions) / (2 * .pi * turns)) / (2 * log(theta))
    }
    let (low, high) = (max(place(fast), 0), min(place(slow), Double(width - 1)))
    let right = try keptShares(
      pair: pair, width: width, theta: theta, originalPositions: positions, betaFast: fast,
      betaSlow: slow)
    return (right.byTurns, 1 - clamped((Double(pair) - low) / max(high - low, 0.001)))
  }

  /// Takes the length after stretching for the original one.
  public static func takesLongest(
    _ pair: Int, _ width: Int, _ theta: Double, _ positions: Int, _ fast: Double,
    _ slow: Double
  ) throws -> Shares {
    try keptShares(
      pair: pair, width: width, theta: theta, originalPositions: 40 * positions,
      betaFast: fast, betaSlow: slow)
  }

  /// Returns what is slowed instead of what is kept.
  public static func turnsRound(
    _ pair: Int, _ width: Int, _ theta: Double, _ positions: Int, _ fast: Double,
    _ slow: Double
  ) throws -> Shares {
    let right = try keptShares(
      pair: pair, width: width, theta: theta, originalPositions: positions, betaFast: fast,
      betaSlow: slow)
    return (right.byTurns, 1 - right.byPair)
  }

  /// Lets the ramp begin before the first pair.
  public static func clampsNothing(
    _ pair: Int, _ width: Int, _ theta: Double, _ positions: Int, _ fast: Double,
    _ slow: Double
  ) throws -> Shares {
    func place(_ turns: Double) -> Double {
      Double(width) * log(Double(positions) / (2 * .pi * turns)) / (2 * log(theta))
    }
    let (low, high) = (place(fast).rounded(.down), place(slow).rounded(.up))
    let right = try keptShares(
      pair: pair, width: width, theta: theta, originalPositions: positions, betaFast: fast,
      betaSlow: slow)
    return (right.byTurns, 1 - clamped((Double(pair) - low) / max(high - low, 0.001)))
  }
}
