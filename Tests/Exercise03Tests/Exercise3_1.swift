import ExerciseKit
import Exercises03
import Solutions03
import TestSupport
import Testing

@Suite struct `Exercise 3.1` {
  static let exercise = Exercise<@Sendable () throws -> (flopPerToken: Int, newTokens: Int)>(
    "3.1", yours: Exercises03.expansionPaysOff, solution: Solutions03.expansionPaysOff,
    mutants: [
      "forgets the values": Mutants3_1.forgetsValues,
      "expands the rotary keys": Mutants3_1.expandsRotary,
      "forgets the expanded form's own scores": Mutants3_1.forgetsScores,
      "rounds down": Mutants3_1.roundsDown,
    ]
  ) { answer in
    let found = try answer()
    try demand(
      found.flopPerToken == 33_554_432,
      "What is made from a latent of 512, how many numbers for each head, and for how many heads?"
    )
    try demand(
      found.newTokens == 171,
      "n · 278 528 against the price of expanding and n · 81 920: which n is the first?")
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
