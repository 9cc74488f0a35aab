import ExerciseKit

/// Exercise 12.4 ●● What the judge says is not learnt (20 minutes).
///
/// A conversation is a list of turns: questions and the words of a judge, which are read, and what the
/// model writes. Make one row of training from it: the inputs are all tokens but the last, and the
/// target of a place is the next token if the model wrote *that* token, else −1.
///
/// Turns may be empty.
///
/// Change only the body.    Try it: `swift test --filter "Exercise 12.4"`
public func trainingRow(
  _ turns: [(tokens: [Int], isModels: Bool)]
) throws -> (inputs: [Int], targets: [Int]) {
  throw Unfinished("12.4")  // TODO: replace this line
}
