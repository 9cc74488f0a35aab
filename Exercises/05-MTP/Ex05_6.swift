import ExerciseKit

/// Exercise 5.6 ●●● Write two tokens a pass (45 minutes).
///
/// Greedy speculative decoding, with a model that you see only from outside:
///
/// - `read` lets the model read tokens behind all that it has read. It returns, for each of them, the
///   likeliest token to come after it.
/// - `forget` leaves the model with the first n tokens that it has read.
/// - `draft` guesses the token after a text. It is fast and sometimes wrong.
///
/// Continue the prompt by `count` tokens: the same as without drafts, in as few calls of `read` as the
/// drafts allow. The prompt is read in one call, each later call reads the last certain token and one
/// draft, and no call reads a token behind the last that is wanted. Leave the model with nothing that
/// is not in the text.
///
/// Change only the body; helper functions are welcome.
/// Try it: `swift test --filter "Exercise 5.6"`
public func speculate(
  prompt: [Int], count: Int, read: ([Int]) -> [Int], forget: (Int) -> Void,
  draft: ([Int]) -> Int
) throws -> [Int] {
  throw Unfinished("5.6")  // TODO: replace this line
}
