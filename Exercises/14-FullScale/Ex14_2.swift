import ExerciseKit

/// Exercise 14.2 ●● The work of a token (15 minutes).
///
/// What one token of a context costs in training, in floating-point operations. Equation (14.1):
///
///     6 · weights + 6 · keys · layers · heads · (key width + value width)
///
/// `weights` are those that the token is multiplied with. With `causal`, a token attends to half of the
/// context on average; else all of the square is counted. A key of latent attention is a content part
/// and a rotary part wide.
///
/// Change only the body.    Try it: `swift test --filter "Exercise 14.2"`
public func trainingWork(
  weights: Int, layers: Int, heads: Int, contentWidth: Int, rotaryWidth: Int, valueWidth: Int,
  context: Int, causal: Bool
) throws -> Int {
  throw Unfinished("14.2")  // TODO: replace this line
}
