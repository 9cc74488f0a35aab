import ExerciseKit

/// What an expert does with all of its rows at once.
public typealias Expert = ([[Double]]) -> [[Double]]

/// Exercise 4.6 ●●● Sort, visit, scatter (45 minutes).
///
/// Build (4.1) around experts that work on many rows in one call: y_t = shared(x_t) + Σₖ g_tk E(x_t).
/// Call each expert that has rows once, with its own rows in the order of their tokens; call an
/// expert without rows not at all. The shared expert gets all rows.
///   rows: [tokens][width]     choices, weights: [tokens][active]
///
/// The work may grow with tokens · active and with the number of experts, but not with tokens ·
/// experts: no search through all choices for each expert.
///
/// Change only the body; helper functions are welcome.
/// Try it: `swift test --filter "Exercise 4.6"`
public func sparseMixture(
  _ rows: [[Double]], choices: [[Int]], weights: [[Double]], experts: [Expert], shared: Expert
) throws -> [[Double]] {
  throw Unfinished("4.6")  // TODO: replace this line
}
