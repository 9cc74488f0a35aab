import ExerciseKit

/// Exercise 8.1 ● Eight answers to one question (10 minutes).
///
/// Predict the advantages of a group of eight answers with rewards of 0 and 1, by
/// A = (r − mean) / deviation, where the deviation is that of the group itself (divide by 8).
///
/// Return the advantage of a right and of a wrong answer when one of the eight is right, when four
/// are, and when seven are. Three digits behind the point are enough.
///
/// Change only the body.    Try it: `swift test --filter "Exercise 8.1"`
public func eightAnswers() throws -> [(right: Double, wrong: Double)] {
  throw Unfinished("8.1")  // TODO: replace this line
}
