import ExerciseKit
import Exercises13
import Foundation
import Solutions13
import TestSupport
import Testing

@Suite struct `Exercise 13.1` {
  static let exercise = Exercise<@Sendable () throws -> Mutants13_1.Answer>(
    "13.1", yours: Exercises13.tokenWeight, solution: Solutions13.tokenWeight,
    mutants: [
      "forgets the scale": Mutants13_1.forgetsTheScale,
      "widens the zero": Mutants13_1.widensTheZero,
      "takes bits for bytes": Mutants13_1.takesBitsForBytes,
      "reads all experts": Mutants13_1.readsAllExperts,
      "never meets": Mutants13_1.neverMeets,
      "always meets": Mutants13_1.alwaysMeets,
      "draws twice": Mutants13_1.drawsTwice,
      "believes the headline": Mutants13_1.believesTheHeadline,
    ]
  ) { answer in
    let found = try answer()
    func demandNear(_ found: Double, _ wanted: Double, _ hint: String) throws {
      try demandClose(found, wanted, within: 0.005 * wanted, hint)
    }
    try demandNear(found.bits, 4 + 16 / 32.0, "How much of a scale does each of 32 pay?")
    try demandNear(found.bitsWithZero, 4 + 20 / 32.0, "How many bits has a zero point here?")
    try demandNear(
      found.tokensPerSecond, 50e9 / (37e9 * 4.5 / 8),
      "How many bytes does a token read, and how often are they delivered in a second?")
    try demandNear(
      found.experts, 256 * (1 - pow(1 - 8 / 256.0, 16)),
      "With which chance does no token of sixteen want a given expert?")
    try demandNear(
      found.saved, 1 - 34_560 * 6 / (194_560 * 16.0), "How many bits has each of the two?")
    try demandNear(
      found.savedAtEqualBits, 1 - 34_560 / 194_560.0, "What is left when the bits are equal?")
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
