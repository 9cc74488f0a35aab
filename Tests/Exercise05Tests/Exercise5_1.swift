import ExerciseKit
import Exercises05
import Solutions05
import TestSupport
import Testing

@Suite struct `Exercise 5.1` {
  typealias Answer =
    @Sendable () throws -> (
      factor: Double, breakEven: Double, tokens: Double
    )

  static let exercise = Exercise<Answer>(
    "5.1", yours: Exercises05.draftWorth, solution: Solutions05.draftWorth,
    mutants: [
      "thinks that drafts are free": Mutants5_1.ignoresDrafts,
      "forgets the token that the model adds": Mutants5_1.forgetsTheFreeToken,
      "accepts the second draft without the first": Mutants5_1.countsIndependently,
    ]
  ) { answer in
    let worth = try answer()
    try demandClose(
      worth.factor, 1.48, within: 0.005, "What does a round write, and what does it take?")
    try demandClose(
      worth.breakEven, 1.70, within: 0.005, "At which v is (1 + α) / (v + c) equal to one?")
    try demandClose(
      worth.tokens, 2.5725, within: 0.005,
      "With which probability is the second draft looked at, and does it stand then?")
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
