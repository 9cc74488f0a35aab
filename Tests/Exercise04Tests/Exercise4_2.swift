import ExerciseKit
import Exercises04
import Foundation
import Solutions04
import TestSupport
import Testing

@Suite struct `Exercise 4.2` {
  static let exercise = Exercise<Router>(
    "4.2",
    yours: Exercises04.gateWeights(
      affinities:bias:groups:activeGroups:active:normalizes:scale:),
    solution: Solutions04.gateWeights(
      affinities:bias:groups:activeGroups:active:normalizes:scale:),
    mutants: [
      "is the code as it was found": Mutants4_2.asFound,
      "weighs by affinity and bias": Mutants4_2.leaksBias,
      "masks with zero": Mutants4_2.masksWithZero,
      "scales only what it normalises": Mutants4_2.scalesInsideIf,
      "scales before it normalises": Mutants4_2.scalesFirst,
      "ranks a group by its best": Mutants4_2.takesMaximum,
    ]
  ) { answer in
    let affinities = [2, -1, 0.5, 0.4, 1.5, -3, 0, 0.1].map { 1 / (1 + exp(-$0)) }
    let bias = [-0.3, 0, 0.1, 0.2, 0, 0, 0.05, 0.3]
    let worked = try answer(affinities, bias, 4, 2, 2, true, 2.5)
    try demand(
      worked.keys.sorted() == [3, 7], "Which two groups have the largest sum of two ranks?")
    try demandClose(
      [worked[3] ?? .nan, worked[7] ?? .nan], [1.331995, 1.168005], within: 1e-6,
      "Which numbers are the weights made of: those that ranked the experts?")
    try demandClose(
      worked.values.reduce(0, +), 2.5, within: 1e-12, "What do normalised weights add up to?")

    let tired = try answer(affinities, [Double](repeating: -2, count: 8), 4, 2, 2, true, 2.5)
    try demand(
      tired.keys.sorted() == [0, 2],
      "Every rank is negative. Which number of an excluded expert is below all of them?")

    let plain = try answer(affinities, bias, 4, 2, 2, false, 2.5)
    try demandClose(
      [plain[3] ?? .nan, plain[7] ?? .nan], [2.5 * affinities[3], 2.5 * affinities[7]],
      within: 1e-12, "Is the factor due where nothing is normalised?")
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }

  typealias Router =
    @Sendable ([Double], [Double], Int, Int, Int, Bool, Double) throws -> [Int: Double]
}
