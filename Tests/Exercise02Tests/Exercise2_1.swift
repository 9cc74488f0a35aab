import ExerciseKit
import Exercises02
import Foundation
import Solutions02
import TestSupport
import Testing

@Suite struct `Exercise 2.1` {
  static let exercise = Exercise<@Sendable () throws -> (bytesPerToken: Int, tokens: Int)>(
    "2.1", yours: Exercises02.cacheMemory, solution: Solutions02.cacheMemory,
    mutants: [
      "counts the query heads": Mutants2_1.countsQueries,
      "forgets the values": Mutants2_1.forgetsValues,
      "takes gigabytes for gibibytes": Mutants2_1.takesGigabytes,
    ]
  ) { answer in
    let memory = try answer()
    try demand(
      memory.bytesPerToken == 163_840, "Which heads are remembered, and what of each of them?")
    try demand(
      memory.tokens == 104_857, "Is a gibibyte 2³⁰ bytes, and is the count rounded down?")
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
