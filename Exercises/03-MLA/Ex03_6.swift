import ExerciseKit

/// Exercise 3.6 ●●● Write grouped-query attention as latent attention (45 minutes).
///
/// Leave rotation and norm aside. A layer with grouped queries has a key matrix and a value matrix of
/// keyHeads · headWidth rows each; query head i reads key head i / (heads / keyHeads).
///
/// Return the two matrices of a latent layer that makes the same key and value for every query head:
/// a compression, from the input to a latent no wider than the grouped layer's cache, and an
/// expansion, from the latent to each head's key and, behind it, its value, head by head. A matrix
/// is a list of rows, one for each output.
///
/// Change only the body; helper functions are welcome.
/// Try it: `swift test --filter "Exercise 3.6"`
public func latentForm(
  keys: [[Double]], values: [[Double]], heads: Int, headWidth: Int
) throws -> (compression: [[Double]], expansion: [[Double]]) {
  throw Unfinished("3.6")  // TODO: replace this line
}
