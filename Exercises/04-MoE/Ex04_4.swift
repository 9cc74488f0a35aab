import ExerciseKit

/// Exercise 4.4 ●● Differentiate a balance loss (20 minutes).
///
/// The loss (4.10) of one sequence of T tokens and N experts is Σᵢ fᵢ Pᵢ. fᵢ counts how often expert i
/// is among the K best affinities of a token, times N / (K T). Pᵢ is the mean over the tokens of
/// sᵢ / Σⱼ sⱼ.
///
/// Return the gradient of the loss by every affinity.
///   affinities: a row for each token     result: the same shape
///
/// Change only the body; helper functions are welcome.
/// Try it: `swift test --filter "Exercise 4.4"`
public func balanceGradients(_ affinities: [[Double]], active: Int) throws -> [[Double]] {
  throw Unfinished("4.4")  // TODO: replace this line
}
