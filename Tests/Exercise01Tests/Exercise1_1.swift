import ExerciseKit
import Exercises01
import Solutions01
import TestSupport
import Testing

@Suite struct `Exercise 1.1` {
  static let exercise = Exercise<@Sendable () throws -> (operations: Int, gigaflops: Double)>(
    "1.1", yours: Exercises01.productWork, solution: Solutions01.productWork,
    mutants: [
      "counts a fused pair once": Mutants1_1.countsPairs,
      "takes milliseconds for seconds": Mutants1_1.mistakesUnits,
    ]
  ) { answer in
    let work = try answer()
    try demand(
      work.operations == 4_194_304, "Does each product cost a multiplication and an addition?")
    try demandClose(work.gigaflops, 41.94304, within: 0.01, "How many seconds are 0.1 ms?")
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
