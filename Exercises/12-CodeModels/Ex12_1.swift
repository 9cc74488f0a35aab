import ExerciseKit

/// Exercise 12.1 ● Where the holes are (10 minutes).
///
/// Predict what cuts do to a document of eight characters, such as `a=x+3;ra`. Two cuts i ≤ j lie at
/// places from 0 to 8, and every pair is equally likely. How many pairs are there? How many of them
/// leave an empty middle? How many characters does a middle have on average?
///
/// Change only the body.    Try it: `swift test --filter "Exercise 12.1"`
public func holes() throws -> (pairs: Int, empty: Int, meanLength: Double) {
  throw Unfinished("12.1")  // TODO: replace this line
}
