import ExerciseKit

/// Exercise 1.2 ●● The pullback of a norm (20 minutes).
///
/// RMSNorm divides a row by its root mean square and scales each column:
/// `yᵢ = wᵢ xᵢ / r`, with `r = √(mean(x²) + ε)`. The row is divided by something that depends on
/// every entry of the row, so each entry of `x` has a share in every entry of `y`.
///
/// Return what the gradient of the result, `upstream`, sends back to the row and to the weight.
/// All four lists have the same length.
///
/// Change only the body.    Try it: `swift test --filter "Exercise 1.2"`
public func normShares(
  of upstream: [Double], row: [Double], weight: [Double], epsilon: Double
) throws -> (row: [Double], weight: [Double]) {
  throw Unfinished("1.2")  // TODO: replace this line
}
