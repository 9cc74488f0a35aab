import ExerciseKit
import Exercises12
import Solutions12
import TestSupport
import Testing

@Suite struct `Exercise 12.4` {
  typealias Turn = (tokens: [Int], isModels: Bool)
  typealias Answer =
    @Sendable (_ turns: [Turn]) throws -> (inputs: [Int], targets: [Int])

  static let exercise = Exercise<Answer>(
    "12.4", yours: Exercises12.trainingRow, solution: Solutions12.trainingRow,
    mutants: [
      "learns the feedback": Mutants12_4.learnsTheFeedback,
      "masks the input": Mutants12_4.masksTheInput,
      "does not shift": Mutants12_4.doesNotShift,
      "keeps the last response": Mutants12_4.keepsTheLast,
      "shifts each turn": Mutants12_4.shiftsEachTurn,
    ]
  ) { answer in
    let conversation: [Turn] = [
      ([1, 2], false), ([3, 4], true),
      ([5, 6], false), ([7, 8], true),
    ]
    let (inputs, targets) = try answer(conversation)
    try demand(inputs == [1, 2, 3, 4, 5, 6, 7], "Which tokens are read?")
    try demand(
      targets.count == inputs.count, "Does every token that is read have a target, or −1?")
    try demand(
      Array(targets.prefix(2)) == [-1, 3],
      "Which token predicts the first of the response? The mask belongs to the target.")
    try demand(
      Array(targets.dropFirst(2).prefix(3)) == [4, -1, -1],
      "Should the model learn what the judge says?")
    try demand(
      Array(targets.suffix(2)) == [7, 8], "Are both responses learnt, from their first token?")
    let empty = try answer([
      ([1], false), ([], true),
      ([2], false),
    ])
    try demand(empty == ([1], [-1]), "What is learnt from a response of nothing?")
    let free = try answer([([1, 2, 3], true)])
    try demand(free == ([1, 2], [2, 3]), "What if the model wrote all of it?")
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
