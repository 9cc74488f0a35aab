import ExerciseKit
import Exercises14
import Solutions14
import TestSupport
import Testing

@Suite struct `Exercise 14.4` {
  static let exercise = Exercise<@Sendable (Double, Double, Double, Double) throws -> Double>(
    "14.4", yours: Exercises14.bytesOfWeights, solution: Solutions14.bytesOfWeights,
    mutants: [
      "shares nothing": Mutants14_4.sharesNothing,
      "shares gradients": Mutants14_4.sharesGradients,
      "shares experts too widely": Mutants14_4.sharesExpertsWidely,
      "counts one copy": Mutants14_4.countsOneCopy,
      "keeps wide moments": Mutants14_4.keepsWideMoments,
    ]
  ) { answer in
    let common = try answer(1000, 0, 1, 5)
    try demandClose(
      common, 5 * 1000 + 8 * 100, within: 1e-9,
      "1000 weights on 10 cards: what has each of them whole, and what a tenth of?")
    let experts = try answer(0, 6400, 64, 128)
    try demandClose(
      experts, 5 * 100 + 8 * 25, within: 1e-9,
      "100 weights of experts on a card, and each expert is on how many cards?")
    let both = try answer(1000, 6400, 64, 128)
    try demandClose(
      both, 5 * 1100 + 8 * (1000.0 / 256 + 25), within: 1e-9, "Both together are their sum.")
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
