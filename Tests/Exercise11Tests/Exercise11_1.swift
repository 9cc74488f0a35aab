import ExerciseKit
import Exercises11
import Foundation
import Solutions11
import TestSupport
import Testing

@Suite struct `Exercise 11.1` {
  static let exercise = Exercise<@Sendable () throws -> Mutants11_1.Answer>(
    "11.1", yours: Exercises11.paidForWhat, solution: Solutions11.paidForWhat,
    mutants: [
      "gates the language": Mutants11_1.gatesTheLanguage,
      "pays silence": Mutants11_1.paysSilence,
      "halves the mixed": Mutants11_1.halvesTheMixed,
      "trusts the weight": Mutants11_1.trustsTheWeight,
      "buries the group": Mutants11_1.buriesTheGroup,
      "divides by less": Mutants11_1.dividesByLess,
      "finds no tie": Mutants11_1.findsNoTie,
      "takes the odds": Mutants11_1.takesTheOdds,
      "turns the sign": Mutants11_1.turnsTheSign,
      "pushes the sure": Mutants11_1.pushesTheSure,
    ]
  ) { answer in
    let found = try answer()
    let shares: [Double?] = [1, 4.0 / 6, 1, nil]
    let wanted = zip([1.0, 1, 0, 1], shares).map { $0 + 0.5 * ($1 ?? 0) }
    try demandClose(
      found.payments, wanted, within: 0.001,
      "Which of a thought's words are letters, and what is paid although an answer is wrong, or not thought?"
    )
    for (name, weight, advantage) in [
      ("½", 0.5, found.loud), ("1/1000", 0.001, found.soft),
    ] {
      try demandClose(
        advantage, first(of: [1, 0.5, 0].map { weight * $0 }), within: 0.001,
        "w = \(name): what are mean and deviation of w, w/2 and 0, and what becomes of w?")
    }
    try demandClose(
      found.weight, 1, within: 0.001, "A right answer and nothing else is paid 1. And w · 1?")
    let chance = 1 / (1 + exp(-log(3.0)))
    try demandClose(
      found.chance, chance, within: 0.001, "σ(x) is 1 / (1 + e⁻ˣ). What is e to −log 3?")
    try demandClose(
      found.slope, chance - 1, within: 0.001,
      "Must the chosen score rise or fall for the loss to fall, and how surprised is a model that gave 3 to 1?"
    )
  }

  private static func first(of rewards: [Double]) -> Double {
    let mean = rewards.reduce(0, +) / Double(rewards.count)
    let squares = rewards.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (rewards[0] - mean) / (squares / Double(rewards.count)).squareRoot()
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
