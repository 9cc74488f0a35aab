import ExerciseKit
import Exercises05
import Solutions05
import TestSupport
import Testing

@Suite struct `Exercise 5.3` {
  static let exercise = Exercise<@Sendable ([[Double]], Int, Double) throws -> Double>(
    "5.3", yours: Exercises05.predictionLoss(_:targets:weight:),
    solution: Solutions05.predictionLoss(_:targets:weight:),
    mutants: [
      "takes means": Mutants5_3.takesMeans(_:targets:weight:),
      "gives every depth the whole weight": Mutants5_3.forgetsDepths(_:targets:weight:),
      "fails without modules": Mutants5_3.failsWithoutModules(_:targets:weight:),
    ]
  ) { answer in
    try demandClose(
      try answer([[1, 2, 3]], 4, 0.3), 0.45, within: 1e-12,
      "Three terms for four targets: by how many is the sum divided?")
    try demandClose(
      try answer([[1, 2, 3], [4, 2]], 4, 0.3), 0.45, within: 1e-12,
      "Two depths share the weight: how much of it has each?")
    try demandClose(
      try answer([], 4, 0.3), 0, within: 0, "What is added where there is no module?")
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
