import ExerciseKit

/// Exercise 5.1 ● What a draft is worth (5 minutes).
///
/// Predict three numbers before you run anything. Drafts are accepted with α = 0.85.
///
/// `factor`: how many times as fast is decoding, if judging two tokens takes 1.10 passes and a draft
/// takes 0.15? `breakEven`: how many passes may judging take at most, if a draft takes 0.15 and
/// nothing is to be lost? `tokens`: how many tokens does a pass write on average with two drafts,
/// each accepted with α if the one before it was?
///
/// Change only the body.    Try it: `swift test --filter "Exercise 5.1"`
public func draftWorth() throws -> (factor: Double, breakEven: Double, tokens: Double) {
  throw Unfinished("5.1")  // TODO: replace this line
}
