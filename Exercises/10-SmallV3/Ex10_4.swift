import ExerciseKit
import Foundation

/// Exercise 10.4 ●● The watchman who sleeps (20 minutes).
///
/// Return the steps whose loss is a spike, counted from 0. A loss is one if it exceeds the median of
/// the last 16 good losses by more than 8 deviations, and by more than a tenth of that median's size. The
/// deviation is that of the noise, not of the curve: 1.4826 / √2 times the median of |difference| of
/// neighbours among the last 64 good losses.
///
/// A good loss is an earlier one that was no spike. With fewer than 32 of them nobody can tell. A loss
/// that is not a number, or not finite, is a spike at any time. The median of an even count is the mean
/// of the two in the middle. A fall is welcome.
///
/// The function below has watched many trainings and never said a word.
///
/// Delete the first line, then repair the body; helper functions are welcome.
/// Try it: `swift test --filter "Exercise 10.4"`
public func spikes(in losses: [Double]) throws -> [Int] {
  try stillBroken()  // TODO: delete this line
  var found: [Int] = []
  for step in losses.indices {
    let seen = losses[max(0, step - 63)...step]
    guard seen.count > 32 else { continue }
    let count = Double(seen.count)
    let mean = seen.reduce(0, +) / count
    let squares = seen.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    if losses[step] - mean > 8 * (squares / count).squareRoot() { found.append(step) }
  }
  return found
}

private func stillBroken() throws { throw Unfinished("10.4") }
