import ExerciseKit

/// Exercise 11.5 ●●● More time for an answer (75 minutes).
///
/// `vote`: a question was answered n times, and some samples have no answer (nil). Of the n samples k
/// are taken, without putting back, and the commonest answer among them counts; if several are equally
/// common, each of them is taken with an equal chance, and samples without an answer have no vote. Return the chance that the
/// answer is `right`: the mean over all C(n, k) choices. Among k without any answer it is 0.
/// The test has n = 64 and k = 32: no list of choices is that long, so they must be counted.
///
/// `forced`: write a thought of at most `budget` tokens, and an answer. `next` gives the model's next token
/// after a text. Start from the prompt, which ends with `<think>`, and
///
/// 1. while fewer than `budget` tokens of the thought are the model's, ask for a token. If it is
///    `endThink` or `end`, the thought is over; but as long as there are `waits` left, use one up: put
///    `wait` in its place and go on. Any other token is appended.
/// 2. Append `endThink`.
/// 3. Ask for the answer, at most `limit` tokens; `end` is the last of them.
///
/// What we put in, `wait` and `endThink`, is not the model's, and does not count. Return the whole text.
///
/// Change only the bodies; helper functions are welcome.
/// Try it: `swift test --filter "Exercise 11.5"`
public func vote(
  of answers: [Int?], taking k: Int, right: Int
) throws -> Double {
  throw Unfinished("11.5")  // TODO: replace this line
}

/// The second function of exercise 11.5.
public func forced(
  _ prompt: [Int], signs: (endThink: Int, wait: Int, end: Int), budget: Int, waits: Int,
  limit: Int, next: ([Int]) -> Int
) throws -> [Int] {
  throw Unfinished("11.5")  // TODO: replace this line
}
