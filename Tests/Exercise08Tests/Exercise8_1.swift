import ExerciseKit
import Exercises08
import Solutions08
import TestSupport
import Testing

@Suite struct `Exercise 8.1` {
  static let exercise = Exercise<@Sendable () throws -> [(right: Double, wrong: Double)]>(
    "8.1", yours: Exercises08.eightAnswers, solution: Solutions08.eightAnswers,
    mutants: [
      "divides by seven": Mutants8_1.sampleDeviation,
      "does not divide": Mutants8_1.differences,
      "divides by the variance": Mutants8_1.variance,
    ]
  ) { answer in
    let found = try answer()
    try demand(found.count == 3, "Are there three groups?")
    let right = [7, 1, 1 / 7.0].map { $0.squareRoot() }
    for (group, expected) in zip(found, right) {
      try demand(
        abs(group.right - expected) < 0.001,
        "What are the mean and the deviation of the eight rewards? Divide by 8, and take the root."
      )
      try demand(
        abs(group.wrong + 1 / expected) < 0.001, "What must all eight advantages sum to?")
    }
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
