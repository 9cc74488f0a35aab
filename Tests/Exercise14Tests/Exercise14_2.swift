import ExerciseKit
import Exercises14
import Solutions14
import TestSupport
import Testing

@Suite struct `Exercise 14.2` {
  static let exercise = Exercise<
    @Sendable (Int, Int, Int, Int, Int, Int, Int, Bool) throws -> Int
  >(
    "14.2", yours: Exercises14.trainingWork, solution: Solutions14.trainingWork,
    mutants: [
      "the way forward only": Mutants14_2.forwardOnly,
      "the whole square always": Mutants14_2.alwaysSquare,
      "forgets the rotary part": Mutants14_2.forgetsRotary,
      "forgets the heads": Mutants14_2.forgetsHeads,
    ]
  ) { answer in
    try demand(
      try answer(10, 0, 1, 1, 0, 1, 4, true) == 60,
      "Without layers only the weights count: once forward, twice backward, 2 for each.")
    try demand(
      try answer(0, 1, 1, 3, 2, 4, 2, true) == 6 * (3 + 2 + 4),
      "One key on average: how wide is it, with its rotary part, and how wide is a value?")
    try demand(
      try answer(0, 1, 1, 3, 2, 4, 2, false) == 12 * (3 + 2 + 4),
      "If all of the square counts, a token has as many keys as the context is long.")
    let v3 = try answer(36_624_596_992, 61, 128, 128, 64, 128, 4096, true)
    try demand(v3 == 250_449_887_232, "V3 takes 250.45 GFLOP, not \(v3): are all heads there?")
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
