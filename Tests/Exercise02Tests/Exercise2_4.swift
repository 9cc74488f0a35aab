import ExerciseKit
import Exercises02
import Foundation
import Solutions02
import TestSupport
import Testing

@Suite struct `Exercise 2.4` {
  static let exercise = Exercise<@Sendable (Part, Part) throws -> Part>(
    "2.4", yours: Exercises02.merge, solution: Solutions02.merge,
    mutants: [
      "takes the mean of the outputs": Mutants2_4.averages,
      "exponentiates without a shift": Mutants2_4.overflows,
      "does not expect two empty parts": Mutants2_4.dividesNothing,
    ]
  ) { answer in
    let (scores, values) = ([1.0, 2, 4, 800, 799], [10.0, 20, 30, 40, 50])
    for end in [3, 5] {
      for cut in 0...end {
        let whole = attend(scores[..<end], values[..<end])
        let merged = try answer(
          attend(scores[..<cut], values[..<cut]), attend(scores[cut..<end], values[cut..<end]))
        try demandClose(
          merged.output, whole.output, within: 1e-9,
          "Keys 0..<\(cut) and \(cut)..<\(end): is each half weighed by its share of the whole?"
        )
        try demandClose(
          merged.logSum, whole.logSum, within: 1e-9, "Is L the logarithm of both sums together?"
        )
      }
    }
    let nothing = try answer(([0], -.infinity), ([0], -.infinity))
    try demand(
      nothing.logSum == -.infinity && nothing.output == [0],
      "What do two halves without a visible key make? Not NaN.")
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }

  typealias Part = (output: [Double], logSum: Double)
}

private func attend(
  _ scores: ArraySlice<Double>, _ values: ArraySlice<Double>
) -> (output: [Double], logSum: Double) {
  guard let highest = scores.max() else { return ([0], -.infinity) }
  let raised = scores.map { exp($0 - highest) }
  let sum = raised.reduce(0, +)
  let output = zip(raised, values).reduce(0) { $0 + $1.0 / sum * $1.1 }
  return ([output], highest + log(sum))
}
