import ExerciseKit
import Exercises12
import Solutions12
import TestSupport
import Testing

@Suite struct `Exercise 12.1` {
  static let exercise = Exercise<
    @Sendable () throws -> (pairs: Int, empty: Int, meanLength: Double)
  >(
    "12.1", yours: Exercises12.holes, solution: Solutions12.holes,
    mutants: [
      "forgets the end": Mutants12_1.forgetsTheEnd,
      "sorts two draws": Mutants12_1.sortsTwoDraws,
      "means over lengths": Mutants12_1.meansOverLengths,
    ]
  ) { answer in
    let found = try answer()
    let pairs = (0...8).flatMap { i in (i...8).map { $0 - i } }
    try demand(
      found.pairs == pairs.count,
      "How many places has a cut, and how many j are there for each i?")
    try demand(found.empty == pairs.count { $0 == 0 }, "When is d[i..<j] empty?")
    try demandClose(
      found.meanLength, Double(pairs.reduce(0, +)) / Double(pairs.count), within: 0.01,
      "In how many ways does a middle of L characters fit?")
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
