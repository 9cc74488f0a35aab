import ExerciseKit
import Exercises08
import Foundation
import Solutions08
import TestSupport
import Testing

@Suite struct `Exercise 8.2` {
  typealias Token = (log: Double, old: Double, reference: Double)
  typealias Window = (low: Double, high: Double)
  typealias Answer = @Sendable (Token, [Double], Int, Window, Double) throws -> Double

  static let exercise = Exercise<Answer>(
    "8.2", yours: Exercises08.pull(on:rewards:response:clip:beta:),
    solution: Solutions08.pull(on:rewards:response:clip:beta:),
    mutants: [
      "clips both sides": Mutants8_2.clipsBothSides(on:rewards:response:clip:beta:),
      "forgets the sign": Mutants8_2.forgetsTheSign(on:rewards:response:clip:beta:),
      "keeps pulling": Mutants8_2.keepsPulling(on:rewards:response:clip:beta:),
      "has one width": Mutants8_2.hasOneWidth(on:rewards:response:clip:beta:),
      "flips the penalty": Mutants8_2.flipsThePenalty(on:rewards:response:clip:beta:),
      "does not cut": Mutants8_2.doesNotCut(on:rewards:response:clip:beta:),
      "pulls where it is cut": Mutants8_2.pullsWhereCut(on:rewards:response:clip:beta:),
      "pulls the dead": Mutants8_2.pullsTheDead(on:rewards:response:clip:beta:),
      "lives on rounding": Mutants8_2.livesOnRounding(on:rewards:response:clip:beta:),
    ]
  ) { answer in
    let old = log(0.3)
    // Three of four are right: A is 1/√3 for them and −√3 for the other.
    for (response, advantage) in [(1, (1 / 3.0).squareRoot()), (2, -3.0.squareRoot())] {
      let isRight = advantage > 0
      for ratio in [0.5, 0.75, 0.85, 1, 1.15, 1.25, 1.5] {
        let now = old + log(ratio)
        let found = try answer((now, old, now), [1, 1, 0, 1], response, (0.2, 0.3), 0.1)
        try demandClose(
          found, slope(now, old, now, advantage, (0.2, 0.3), 0.1), within: 1e-6,
          "A \(isRight ? "right" : "wrong") answer's token at ρ = \(ratio): which of the two products "
            + "is the smaller, and does it depend on ρ?")
      }
      for difference in [-6, -4.9, -1, 0.2, 1, 4.9, 5.5, 800] {
        let reference = old + difference
        try demandClose(
          try answer((old, old, reference), [1, 1, 0, 1], response, (0.2, 0.3), 0.1),
          slope(old, old, reference, advantage, (0.2, 0.3), 0.1), within: 1e-4,
          "log π_ref − log π = \(difference): where does the penalty pull, and does it depend on "
            + "log π at all?")
      }
    }
    for rewards in [[1, 1, 1, 1], [0, 0, 0, 0], [0.3, 0.3, 0.1 + 0.2, 0.3]] {
      try demand(
        try answer((old - 1, old, old + 1), rewards, 2, (0.2, 0.3), 0.1) == 0,
        "What does a group teach whose rewards are equal but for rounding?")
    }
  }

  /// The central difference of J by its definition.
  private static func slope(
    _ now: Double, _ old: Double, _ reference: Double, _ advantage: Double, _ clip: Window,
    _ beta: Double
  ) -> Double {
    func objective(_ now: Double) -> Double {
      let ratio = exp(now - old)
      let clipped = min(max(ratio, 1 - clip.low), 1 + clip.high)
      let d = min(max(reference - now, -5), 5)
      return min(ratio * advantage, clipped * advantage) - beta * (exp(d) - d - 1)
    }
    return (objective(now + 1e-5) - objective(now - 1e-5)) / 2e-5
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
