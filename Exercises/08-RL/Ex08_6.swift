import ExerciseKit

/// Exercise 8.6 ●●● A judge that cannot be fooled (60 minutes).
///
/// A policy that is paid finds every hole in the rule by which it is paid. Judge a response, a list of
/// tokens: `<think>`, `</think>`, `<end>` and `<pad>`, and characters, one to a token. Its form is one of
///
///     <think> thought </think> answer <end>
///     answer <end>
///
/// A thought is any characters, even none, and none of the four special tokens. An answer is at least
/// one of the digits 0 to 9 and nothing else. There is nothing in front, nothing between, and nothing
/// behind `<end>`; a response without it was cut short.
///
/// `isValid` says whether the form is kept. `accuracy` is 1 if it is and the answer equals `truth`, a
/// number of any length, where leading zeros do not count; else 0.
///
/// Change only the body; helper functions are welcome.
/// Try it: `swift test --filter "Exercise 8.6"`
public func judge(
  _ response: [String], truth: String
) throws -> (accuracy: Int, isValid: Bool) {
  throw Unfinished("8.6")  // TODO: replace this line
}
