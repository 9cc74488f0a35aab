import ExerciseKit
import Foundation

/// Exercise 3.4 ●● Two ramps (20 minutes).
///
/// Over the original context, pair j turns r = originalPositions · θ_j / 2π times. By YaRN's paper it
/// keeps the share (r − betaSlow) / (betaFast − betaSlow) of its frequency, held between 0 and 1. By
/// everybody's code, and so by every checkpoint, it keeps 1 − ramp(j), with the ramp over the *number*
/// of the pair: (3.10) and (3.11).
///
/// Return both shares. Compare them for pair 16 of DeepSeek's 32 when you have finished.
///
/// Change only the body.    Try it: `swift test --filter "Exercise 3.4"`
public func keptShares(
  pair: Int, width: Int, theta: Double, originalPositions: Int, betaFast: Double,
  betaSlow: Double
) throws -> (byTurns: Double, byPair: Double) {
  throw Unfinished("3.4")  // TODO: replace this line
}
