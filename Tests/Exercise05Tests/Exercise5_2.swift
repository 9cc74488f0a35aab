import ExerciseKit
import Exercises05
import Solutions05
import TestSupport
import Testing

@Suite struct `Exercise 5.2` {
  typealias Answer =
    @Sendable ([Int], [Int], Int) throws -> [(
      position: Int, token: Int, target: Int
    )]

  static let exercise = Exercise<Answer>(
    "5.2", yours: Exercises05.predictions(inputs:targets:depth:),
    solution: Solutions05.predictions(inputs:targets:depth:),
    mutants: [
      "asks for the token that it was told":
        Mutants5_2.asksForWhatItWasTold(inputs:targets:depth:),
      "hands over the answer": Mutants5_2.handsOverTheAnswer(inputs:targets:depth:),
      "crosses the end of a document": Mutants5_2.crossesDocuments(inputs:targets:depth:),
    ]
  ) { answer in
    let (inputs, targets) = ([10, 11, 12, 13], [11, 12, 13, 14])
    let one = try answer(inputs, targets, 1)
    try demand(one.map(\.position) == [0, 1, 2], "Which position has no token one place on?")
    try demand(
      one.map(\.token) == [11, 12, 13], "Position 0 knows 10. What is it handed at depth 1?")
    try demand(
      one.map(\.target) == [12, 13, 14],
      "Position 0 knows 10 and is told 11. What is left to ask?")
    let two = try answer(inputs, targets, 2)
    try demand(
      two.map(\.token) == [12, 13] && two.map(\.target) == [13, 14],
      "At depth 2, is everything one place further on?")
    try demand(try answer(inputs, targets, 4).isEmpty, "What can depth 4 say of four tokens?")
    // Two documents: 1 2 3 and 7 8 9.
    let packed = try answer([1, 2, 3, 7, 8, 9], [2, 3, -1, 8, 9, -1], 1)
    try demand(
      packed.map(\.position) == [0, 3],
      "May position 2, the end of a document, be asked about the next document?")
    try demand(
      packed.map(\.target) == [3, 9], "Are the predictions within documents all there?")
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
