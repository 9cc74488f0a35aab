import ExerciseKit
import Exercises04
import Foundation
import Solutions04
import TestSupport
import Testing

@Suite struct `Exercise 4.4` {
  static let exercise = Exercise<@Sendable ([[Double]], Int) throws -> [[Double]]>(
    "4.4", yours: Exercises04.balanceGradients(_:active:),
    solution: Solutions04.balanceGradients(_:active:),
    mutants: [
      "lets the gradient through f": Mutants4_4.differentiatesCounts,
      "forgets the denominator of a share": Mutants4_4.forgetsDenominator,
      "counts without N ÷ K": Mutants4_4.forgetsFactor,
    ]
  ) { answer in
    let worked = [[0.9, 0.8, 0.1, 0.2], [0.7, 0.2, 0.6, 0.1], [0.9, 0.5, 0.4, 0.3]]
    let uneven = worked + [[0.6, 0.7, 0.2, 0.1]]
    for (affinities, active) in [(uneven, 2), (worked, 1), (worked, 3)] {
      let found = try answer(affinities, active)
      try demand(
        found.map(\.count) == affinities.map(\.count), "Has every affinity a gradient?")
      for token in affinities.indices {
        let inner = zip(found[token], affinities[token]).reduce(0) { $0 + $1.0 * $1.1 }
        try demandClose(
          inner, 0, within: 1e-9,
          "Doubling all affinities of a token changes no share: does your gradient know?")
        for expert in affinities[token].indices {
          try demandClose(
            found[token][expert], slope(affinities, active, token, expert), within: 1e-7,
            "Token \(token), expert \(expert): which of f and P moves with an affinity?")
        }
      }
    }
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}

/// The slope of the loss by one affinity, from both sides, with everything counted anew.
private func slope(
  _ affinities: [[Double]], _ active: Int, _ token: Int, _ expert: Int
) -> Double {
  var (up, down) = (affinities, affinities)
  up[token][expert] += 1e-5
  down[token][expert] -= 1e-5
  return (loss(up, active) - loss(down, active)) / 2e-5
}

private func loss(_ affinities: [[Double]], _ active: Int) -> Double {
  let (tokens, count) = (Double(affinities.count), affinities[0].count)
  return (0..<count).reduce(0) { sum, expert in
    let visits = affinities.filter { row in
      row.filter { $0 > row[expert] }.count < active
    }
    let share = affinities.reduce(0) { $0 + $1[expert] / $1.reduce(0, +) } / tokens
    return sum + Double(visits.count * count) / (Double(active) * tokens) * share
  }
}
