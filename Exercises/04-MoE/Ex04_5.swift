import ExerciseKit

/// Exercise 4.5 ●● A bias that looks back only (20 minutes).
///
/// Batches arrive one after the other; a batch has a row of affinities for each token. There are no
/// groups. Choose for each token the `active` experts with the largest sᵢ + bᵢ, the best first, of
/// equals the lower number. b begins at zero and moves once after each batch, by (4.12):
/// bᵢ ← bᵢ + γ sign(c̄ − cᵢ), where c counts the choices of the batch that has just ended.
///
/// Return the choices, batch by batch and token by token, and the bias after the last batch.
///
/// Change only the body; helper functions are welcome.
/// Try it: `swift test --filter "Exercise 4.5"`
public func routeInTurn(
  _ batches: [[[Double]]], active: Int, speed: Double
) throws -> (choices: [[[Int]]], bias: [Double]) {
  throw Unfinished("4.5")  // TODO: replace this line
}
