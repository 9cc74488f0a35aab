import ExerciseKit

/// Exercise 10.2 ●● Several documents in a row (20 minutes).
///
/// Lay out one row of `length` places. The documents stand side by side in their order, the rest is
/// filled with `padding`. Return for every place
///
/// - `inputs`: the token that stands there,
/// - `positions`: its place within its document, from 0; 0 in the padding,
/// - `starts`: the first place that it sees. A token sees its own document up to itself, padding only
///   itself,
/// - `next`: the token that it is to predict, or `ignored`,
/// - `second`: the token that the first prediction module is to predict from there, two places on, or
///   `ignored`.
///
/// Nothing is read and nothing is predicted across a border. The documents fit; one may be empty, and any
/// token, `padding` too, may stand in a document.
///
/// Change only the body.    Try it: `swift test --filter "Exercise 10.2"`
public func row(
  _ documents: [[Int]], length: Int, padding: Int, ignored: Int
) throws -> (inputs: [Int], positions: [Int], starts: [Int], next: [Int], second: [Int]) {
  throw Unfinished("10.2")  // TODO: replace this line
}
