import ExerciseKit
import Exercises10
import Solutions10
import TestSupport
import Testing

@Suite struct `Exercise 10.3` {
  typealias Answer =
    @Sendable (
      _ turns: [Mutants10_3.Turn], _ tokens: Mutants10_3.Tokens, _ length: Int, _ ignored: Int
    ) throws -> Mutants10_3.Row

  static let exercise = Exercise<Answer>(
    "10.3", yours: Exercises10.taught(_:tokens:length:ignored:),
    solution: Solutions10.taught(_:tokens:length:ignored:),
    mutants: [
      "leaves it": Mutants10_3.leavesIt(_:tokens:length:ignored:),
      "marks inputs": Mutants10_3.marksInputs(_:tokens:length:ignored:),
      "moves too far": Mutants10_3.movesTooFar(_:tokens:length:ignored:),
      "teaches roles": Mutants10_3.teachesRoles(_:tokens:length:ignored:),
      "never stops": Mutants10_3.neverStops(_:tokens:length:ignored:),
      "knows padding": Mutants10_3.knowsPadding(_:tokens:length:ignored:),
      "teaches all": Mutants10_3.teachesAll(_:tokens:length:ignored:),
    ]
  ) { answer in
    let tokens: Mutants10_3.Tokens = (begin: 0, user: 3, assistant: 4, end: 1, padding: 2)
    let turns: [Mutants10_3.Turn] = [
      (false, [20, 21]), (true, [30, 31]), (false, [22]), (true, [32]),
    ]
    let whole = [0, 3, 20, 21, 4, 30, 31, 1, 3, 22, 4, 32, 1]
    let wanted = [-1, -1, -1, -1, 30, 31, 1, -1, -1, -1, 32, 1]
    let exact = try answer(turns, tokens, 12, -1)
    try demand(
      exact.inputs == Array(whole.dropLast()),
      "Begin, then role and words, and an end behind each answer. (found \(exact.inputs))")
    try demand(
      exact.targets == wanted,
      "Which place predicts the first word of an answer, and which its end? (found \(exact.targets))"
    )
    let padded = try answer(turns, tokens, 15, -1)
    try demand(
      padded.inputs == whole + [2, 2],
      "The rest of the row is padding. (found \(padded.inputs))")
    try demand(
      padded.targets == wanted + [-1, -1, -1],
      "Who is to learn padding? (found \(padded.targets))")

    // A tokenizer without padding.
    let few: Mutants10_3.Tokens = (begin: 0, user: 3, assistant: 4, end: 1, padding: 1)
    let found = try answer(turns, few, 15, -1)
    try demand(
      found.inputs == whole + [1, 1] && found.targets == wanted + [-1, -1, -1],
      "Here the end token fills the row. Is the end of an answer still learnt, and the padding not? "
        + "(found \(found.targets))")
    try demand(
      try answer([(false, [20])], tokens, 4, -1).targets == [-1, -1, -1, -1],
      "Nobody has answered. What is there to learn?")
    try demand(
      try answer([(false, [20]), (true, [])], tokens, 4, -1).targets == [-1, -1, -1, 1],
      "An answer of no words has an end all the same.")
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
