import ExerciseKit

/// Exercise 10.3 ●● What is to be learnt (15 minutes).
///
/// A conversation becomes a row of `length` places: the token `begin`; for each turn the token of its
/// role, then what is said; behind each answer the token `end`; then padding. The model is taught what
/// the assistant writes: its words and its `end`. It is not taught the roles, the questions or the
/// padding. Return the inputs of the row, and for each the next token if it is taught, or else `ignored`.
///
/// There may be a token for padding, or else it is `end` that fills the row. A conversation of
/// `length` + 1 tokens still fits: the last one is no input.
///
/// The function below trains, and its loss falls. Yet its models never stop, and answer a question with
/// the end of another one.
///
/// Delete the first line, then repair the body.    Try it: `swift test --filter "Exercise 10.3"`
public func taught(
  _ turns: [(isAnswer: Bool, words: [Int])],
  tokens: (begin: Int, user: Int, assistant: Int, end: Int, padding: Int), length: Int,
  ignored: Int
) throws -> (inputs: [Int], targets: [Int]) {
  try stillBroken()  // TODO: delete this line
  var (ids, isTaught) = ([tokens.begin], [false])
  for turn in turns {
    ids += [turn.isAnswer ? tokens.assistant : tokens.user] + turn.words
    if turn.isAnswer { ids.append(tokens.end) }
    isTaught += [Bool](repeating: turn.isAnswer, count: ids.count - isTaught.count)
  }
  let rest = length + 1 - ids.count
  ids += [Int](repeating: tokens.padding, count: rest)
  isTaught += [Bool](repeating: false, count: rest)
  let targets = ids.indices.dropLast().map { place in
    isTaught[place] && ids[place + 1] != tokens.padding ? ids[place + 1] : ignored
  }
  return (Array(ids.dropLast()), targets)
}

private func stillBroken() throws { throw Unfinished("10.3") }
