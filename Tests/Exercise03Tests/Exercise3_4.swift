import Checkpoints
import ExerciseKit
import Exercises03
import Foundation
import MLA
import Solutions03
import TestSupport
import Testing

@Suite struct `Exercise 3.4` {
  static let exercise = Exercise<Shares>(
    "3.4",
    yours: Exercises03.keptShares(pair:width:theta:originalPositions:betaFast:betaSlow:),
    solution: Solutions03.keptShares(pair:width:theta:originalPositions:betaFast:betaSlow:),
    mutants: [
      "takes the ramp in turns for both": Mutants3_4.rampsInTurns,
      "does not round the bounds": Mutants3_4.roundsNothing,
      "takes the stretched length": Mutants3_4.takesLongest,
      "returns what is slowed": Mutants3_4.turnsRound,
      "begins before the first pair": Mutants3_4.clampsNothing,
    ]
  ) { answer in
    for pair in 0..<32 {
      let found = try answer(pair, 64, 10_000, 4096, 32, 1)
      let turns = 4096 * pow(10_000, -Double(pair) / 32) / (2 * .pi)
      try demandClose(
        found.byTurns, min(max((turns - 1) / 31, 0), 1), within: 1e-12,
        "Pair \(pair) turns \(turns) times over 4096 positions: what does the paper keep?")
      try demandClose(
        found.byPair, kept(pair, 64, 4096), within: 1e-9,
        "Pair \(pair): where does the ramp begin and end, in whole pairs?")
    }
    for pair in 0..<4 {
      try demandClose(
        try answer(pair, 8, 10_000, 60, 32, 1).byPair, kept(pair, 8, 60), within: 1e-9,
        "Over 60 positions no pair turns 32 times: where does the ramp begin then?")
    }
  }

  typealias Shares =
    @Sendable (Int, Int, Double, Int, Double, Double) throws -> (
      byTurns: Double, byPair: Double
    )

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}

/// The share of its frequency that a pair keeps in the chapter's code, measured at its result.
private func kept(_ pair: Int, _ width: Int, _ positions: Int) -> Double {
  let yarn = YaRN(
    YaRNScaling(factor: 40, originalPositions: positions), width: width, theta: 10_000)
  let frequency = pow(10_000, -2 * Double(pair) / Double(width))
  return (yarn.frequencies[pair] / frequency - 1 / 40.0) / (1 - 1 / 40.0)
}
