import ExerciseKit
import Tensors

/// Exercise 9.6 ●●● Which method is better? (60 minutes).
///
/// Two methods have made some students each, from different seeds, and all of them have answered the
/// same problems: `first[s][i]` is the score of student s of the first method on problem i.
///
/// `difference`: return the mean score of the first method less that of the second, and the interval
/// that holds the true difference with a chance of 95 %. Both students and problems are samples of many
/// more, so draw both again, `resamples` times, with putting back: as many students of the first method
/// as there are, then as many of the second, then as many problems. Each of the drawn students answers
/// the same drawn problems. Sort the differences; low and high are those that leave out
/// `resamples / 40` at either end. The seed decides all.
///
/// `signTest`: two students have answered n problems. On a of them only the first was right, on b only
/// the second. If they were equally good, each of these a + b would be a toss of a coin. Return the
/// chance that such tosses are at least as uneven, to either side; for no tosses it is 1. It has to work
/// for thousands of them.
///
/// Change only the bodies; helper functions are welcome. `SplitMix64` is in `Tensors`.
/// Try it: `swift test --filter "Exercise 9.6"`
public func difference(
  between first: [[Double]], and second: [[Double]], resamples: Int, seed: UInt64
) throws -> (mean: Double, low: Double, high: Double) {
  throw Unfinished("9.6")  // TODO: replace this line
}

/// The second function of exercise 9.6.
public func signTest(onlyFirst a: Int, onlySecond b: Int) throws -> Double {
  throw Unfinished("9.6")  // TODO: replace this line
}
