import ExerciseKit

/// Exercise 11.2 ●● One language at a time (15 minutes).
///
/// Questions come in Latin or in Greek letters. Return what a response is paid:
///
///     R = 1 + w · share     for a right answer
///     R = 0                 for a wrong one, however well it is written
///     share = words of the question's alphabet / words     in the thought
///
/// A word is a run of letters of one alphabet, as long as it goes: `a` to `z`, or `α` to `ω`. Digits,
/// signs and spaces are of neither; they end a word and are none. Where the alphabet changes, a word
/// ends and another begins: `abγ` has two. Of no words the share is 0, and of no thought (nil) too.
///
/// DeepSeek adds the share to right and wrong answers alike. Here the answer is a gate.
///
/// Change only the body; helper functions are welcome.
/// Try it: `swift test --filter "Exercise 11.2"`
public func payment(
  thought: String?, isGreek: Bool, isRight: Bool, weight: Double
) throws -> Double {
  throw Unfinished("11.2")  // TODO: replace this line
}
