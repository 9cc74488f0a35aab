import ExerciseKit
import Exercises03
import Foundation
import Solutions03
import TestSupport
import Testing

@Suite struct `Exercise 3.3` {
  static let exercise = Exercise<Keep>(
    "3.3", yours: Exercises03.kept(of:normWeight:position:frequencies:),
    solution: Solutions03.kept(of:normWeight:position:frequencies:),
    mutants: [
      "is the code as it was found": Mutants3_3.normalizesKey,
      "measures both parts": Mutants3_3.measuresBoth,
      "keeps the latent before its norm": Mutants3_3.keepsRawLatent,
      "keeps the key before its rotation": Mutants3_3.keepsStillKey,
      "turns the latent too": Mutants3_3.turnsEverything,
      "takes the key to be in front": Mutants3_3.swapsParts,
    ]
  ) { answer in
    // Mean square (9 + 1 + 1 + 1) / 4 = 3, and a quarter turn of (2, 0).
    let row: [Double] = [3, -1, 1, 1, 2, 0]
    let found = try answer(row, [1, 1, 2, 1], 1, [.pi / 2])
    let root = 3.0.squareRoot()
    try demandClose(
      found.latent, [3 / root, -1 / root, 2 / root, 1 / root], within: 1e-6,
      "The latent is (3, −1, 1, 1): whose mean square is it divided by?")
    try demandClose(
      found.key, [0, 2], within: 1e-12,
      "A quarter turn takes (2, 0) to (0, 2): what else has happened to the key?")
    let loud = try answer([3, -1, 1, 1, 200, 0], [1, 1, 2, 1], 1, [.pi / 2])
    try demandClose(
      loud.latent, found.latent, within: 1e-12, "May a long key make a latent short?")
    let far = try answer([1, 2, 5, 7, 1, 1], [1, 1], 3, [0.5, 0.25])
    try demandClose(
      far.key,
      [
        5 * cos(1.5) - 7 * sin(1.5), 5 * sin(1.5) + 7 * cos(1.5), cos(0.75) - sin(0.75),
        sin(0.75) + cos(0.75),
      ], within: 1e-12, "Does each pair turn by the position times its own frequency?")
  }

  typealias Keep =
    @Sendable ([Double], [Double], Int, [Double]) throws -> (latent: [Double], key: [Double])

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
