import ExerciseKit
import FP8

/// Exercise 6.4 ●● Repair a tile (15 minutes).
///
/// The code below converts a tile to E4M3 with a power of two for its scale. It returns the numbers
/// that the codes stand for, and the scale that they must be multiplied with. Both of its mistakes
/// have been in published programs.
///
/// Uncomment it, run the test, and repair it. `nearest` rounds to a number of E4M3 and saturates;
/// `powerOfTwo` is the smallest power of two that is not less.
///
/// Change only the body.    Try it: `swift test --filter "Exercise 6.4"`
public func encoded(_ tile: [Float]) throws -> (numbers: [Float], scale: Float) {
  throw Unfinished("6.4")  // TODO: replace this line by the repaired lines below
  // let amax = min(tile.map { abs($0) }.max() ?? 0, 1e-4)
  // let scale = amax / 448
  // return (tile.map { nearest($0 / scale) }, powerOfTwo(scale))
}

/// The nearest number of E4M3.
public func nearest(_ x: Float) -> Float { Float(FloatFormat.e4m3.rounded(Double(x))) }

/// The smallest power of two that is not less than x.
public func powerOfTwo(_ x: Float) -> Float { PowerOfTwoScale(roundingUp: x).value }
