import ExerciseKit

/// Exercise 8.2 ●● The pull on one token (20 minutes).
///
/// Return c, the slope of the objective along log π of one sampled token:
///
///     J = min(ρ A, clip(ρ, 1 − ε_low, 1 + ε_high) A) − β (eᵈ − d − 1)
///     ρ = π / π_old     d = log π_ref − log π, cut to −5 … 5
///
/// A = (r − mean) / deviation of the response's reward r in its group, with the deviation of
/// exercise 8.1. A group whose deviation is below 10⁻⁶ is dead: none of its tokens is pulled, neither
/// by A nor by β.
///
/// Change only the body.    Try it: `swift test --filter "Exercise 8.2"`
/// - Parameters:
///   - token: log π, log π_old and log π_ref of the token.
///   - rewards: those of the group.
///   - response: which of the group the token belongs to.
public func pull(
  on token: (log: Double, old: Double, reference: Double), rewards: [Double], response: Int,
  clip: (low: Double, high: Double), beta: Double
) throws -> Double {
  throw Unfinished("8.2")  // TODO: replace this line
}
