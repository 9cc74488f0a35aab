import ExerciseKit
import Exercises14
import Solutions14
import TestSupport
import Testing

@Suite struct `Exercise 14.3` {
  static let exercise = Exercise<
    @Sendable (Double, Double, Double, Double, Double) throws -> Double
  >(
    "14.3", yours: Exercises14.utilization, solution: Solutions14.utilization,
    mutants: [
      "leaves it": Mutants14_3.leavesIt, "counts all experts": Mutants14_3.countsAll,
      "counts minutes": Mutants14_3.countsMinutes,
      "believes the data sheet": Mutants14_3.believes,
    ]
  ) { answer in
    let v3 = try answer(671.026e9, 36.6246e9, 272.8e9, 2048, 1978.8e12)
    try demandClose(
      v3, 0.3424, within: 0.0005,
      "Which weights does a token meet, how many seconds has a day, and are there zeros to skip?"
    )
    let one = try answer(5, 2, 86_400, 1, 24)
    try demandClose(one, 1, within: 1e-12, "One token a second, 12 operations, and a dense 12.")
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
