import ExerciseKit

/// Exercise 8.4 ●● Four ways to divide (15 minutes).
///
/// B groups have G responses each, with lengths |o| and rewards. Return the weight that a token of each
/// response has in the loss, [group][response], in four ways:
///
///     perSequence = 1 / (B G |o|)        DeepSeekMath, eq. 3
///     asPrinted   = 1 / (B G)            DeepSeek-R1, eq. 1
///     overGroup   = 1 / (B Σ_j |o_j|)    DAPO, eq. 8: the sum goes over the group
///     constant    = 1 / (B G L)          Dr. GRPO: L is the budget of a response
///
/// A dead group, whose rewards differ by less than 10⁻⁶, has zeros. It still counts in B: what is left
/// out must not make the steps of the rest longer.
///
/// Change only the body.    Try it: `swift test --filter "Exercise 8.4"`
public func tokenWeights(
  lengths: [[Int]], rewards: [[Double]], budget: Int
) throws -> (
  perSequence: [[Double]], asPrinted: [[Double]], overGroup: [[Double]], constant: [[Double]]
) {
  throw Unfinished("8.4")  // TODO: replace this line
}
