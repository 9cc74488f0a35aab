import ExerciseKit
import Exercises04
import Foundation
import Solutions04
import TestSupport
import Testing

@Suite struct `Exercise 4.3` {
  static let exercise = Exercise<
    @Sendable ([Double], [Int], Double, [Double]) throws -> [Double]
  >(
    "4.3", yours: Exercises04.logitGradients(_:chosen:scale:upstream:),
    solution: Solutions04.logitGradients(_:chosen:scale:upstream:),
    mutants: [
      "tells only the chosen": Mutants4_3.tellsTheChosen,
      "takes the softmax for sigmoids": Mutants4_3.takesSigmoids,
      "takes the softmax of the chosen": Mutants4_3.forgetsTheRest,
    ]
  ) { answer in
    let logits = [2, -1, 0.5, 0.4, 1.5, -3, 0, 0.1]
    for chosen in [[0, 4], [7], [2, 0, 3]] {
      let upstream = Array([1.0, -0.5, 0.25].prefix(chosen.count))
      let found = try answer(logits, chosen, 16, upstream)
      try demand(found.count == 8, "Has every logit a gradient?")
      try demandClose(
        found.reduce(0, +), 0, within: 1e-9,
        "A number added to all logits changes nothing: what must the gradients add up to?")
      for expert in logits.indices {
        try demandClose(
          found[expert], slope(logits, expert, chosen, upstream), within: 1e-6,
          chosen.contains(expert)
            ? "Expert \(expert) was chosen: have you subtracted the mean Σ s s̄?"
            : "Expert \(expert) was not chosen: does it stand in the denominator?")
      }
    }
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}

/// The slope of Σ ḡ g by one logit, from both sides.
private func slope(
  _ logits: [Double], _ expert: Int, _ chosen: [Int], _ upstream: [Double]
) -> Double {
  func value(_ logits: [Double]) -> Double {
    let sum = logits.reduce(0) { $0 + exp($1) }
    return zip(chosen, upstream).reduce(0) { $0 + 16 * $1.1 * exp(logits[$1.0]) / sum }
  }
  var (up, down) = (logits, logits)
  up[expert] += 1e-5
  down[expert] -= 1e-5
  return (value(up) - value(down)) / 2e-5
}
