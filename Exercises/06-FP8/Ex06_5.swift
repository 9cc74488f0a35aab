import ExerciseKit

/// Exercise 6.5 ●● Multiply with scales (15 minutes).
///
/// Compute C = A · Bᵀ from codes and scales, equation (6.6), with groups of `group` in place of 128:
///
/// - `a` [m, k] holds the numbers of the codes, `aScales` [m, ⌈k / group⌉] a scale for each tile
/// - `b` [n, k] likewise, `bScales` [⌈n / group⌉, ⌈k / group⌉] a scale for each square block
///
/// The sum over a block of k is one of codes; then it is multiplied by both scales and added to the
/// result. The last block of k, and that of n, may be shorter.
///
/// Change only the body.    Try it: `swift test --filter "Exercise 6.5"`
public func product(
  a: [[Float]], aScales: [[Float]], b: [[Float]], bScales: [[Float]], group: Int
) throws -> [[Float]] {
  throw Unfinished("6.5")  // TODO: replace this line
}
