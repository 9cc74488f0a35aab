import ExerciseKit

/// Exercise 13.6 ●●● Who goes next (60 minutes).
///
/// An engine works in steps 0, 1, 2, … Requests are listed in the order in which they come: `arrival` is the
/// first step that can see one, `prompt` the tokens to be read, `answer` the tokens to be written. In each step
///
/// 1. Requests begin, strictly in order, while fewer than `active` have begun and not ended, and while the
///    prompts and answers of these and of the next together are at most `memory` tokens. One that is larger than
///    `memory` all alone is refused: its result is nil, and it is in nobody's way.
/// 2. Every text that has written a token before puts that token into the model. What is left of
///    `tokensPerStep` goes to prompts in the order in which they began: as much of the first as is left of it,
///    then of the next.
/// 3. These texts write a token each, as does one whose prompt has now been read to its end. A text that has
///    written its answer ends, and its memory is free in the next step.
///
/// Return the steps in which each request writes its first and its last token. `tokensPerStep` is at least `active`; all
/// numbers but arrivals are at least 1.
///
/// Change only the body; helper functions are welcome.
/// Try it: `swift test --filter "Exercise 13.6"`
public func timetable(
  _ requests: [(arrival: Int, prompt: Int, answer: Int)], active: Int, tokensPerStep: Int,
  memory: Int
) throws -> [(first: Int, last: Int)?] {
  throw Unfinished("13.6")  // TODO: replace this line
}
