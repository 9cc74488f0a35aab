import ExerciseKit
import Exercises14
import Solutions14
import TestSupport
import Testing

@Suite struct `Exercise 14.1` {
  static let exercise = Exercise<
    @Sendable () throws -> (bytes: Int, days: Double, experts: Int, rate: Double)
  >(
    "14.1", yours: Exercises14.fourNumbers, solution: Solutions14.fourNumbers,
    mutants: [
      "keeps heads": Mutants14_1.keepsHeads, "counts hours": Mutants14_1.countsHours,
      "forgets copies": Mutants14_1.forgetsCopies, "sends once": Mutants14_1.sendsOnce,
    ]
  ) { answer in
    let (bytes, days, experts, rate) = try answer()
    try demand(bytes == 70_272, "What of a token is kept in each layer, and how often?")
    try demandClose(days, 3.66, within: 0.05, "How many hours has each card to work?")
    try demand(experts == 2, "How many slots are there, and on how many cards?")
    try demandClose(
      rate, 67.8, within: 1, "Rows go out and come back, for two micro-batches in each layer.")
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
