import ExerciseKit
import Exercises01
import Foundation
import Solutions01
import Tensors
import TestSupport
import Testing

@Suite struct `Exercise 1.4` {
  typealias Summary = (maximum: Float, sum: Float)

  static let exercise = Exercise<@Sendable (Summary, Summary) throws -> Summary>(
    "1.4", yours: Exercises01.merged, solution: Solutions01.merged,
    mutants: [
      "forgets to rescale": Mutants1_4.forgetsToRescale,
      "trusts infinity": Mutants1_4.trustsInfinity,
      "leaves the scale": Mutants1_4.leavesTheScale,
    ]
  ) { answer in
    let nothing = Summary(maximum: -.infinity, sum: 0)
    let both = try answer((maximum: 2, sum: 1), (maximum: 0, sum: 3))
    try demand(both.maximum == 2, "Which of the two maxima is that of all numbers?")
    try demandClose(
      both.sum, 1 + 3 * exp(-2), within: 1e-6, "Are both sums measured against one maximum?")

    var generator = SplitMix64(seed: 4)
    let row = (0..<64).map { _ in Float(generator.normal()) * 40 }
    let whole = Tape().constant(Tensor(row, shape: [1, 64])).logSoftmax().value
    for size in [1, 5, 16, 64] {
      var all = nothing
      for start in stride(from: 0, to: 64, by: size) {
        let chunk = row[start..<min(start + size, 64)]
        all = try answer(all, summary(of: chunk))
      }
      let logSum = all.maximum + log(all.sum)
      try demandClose(
        row[0] - logSum, whole.scalars[0], within: 1e-4,
        "Do chunks of \(size) give what the whole row gives?")
    }

    let large = try answer((maximum: 900, sum: 1), (maximum: 900, sum: 2))
    try demandClose(large.sum, 3, within: 1e-6, "Can a factor be larger than 1?")
    let hidden = try answer(nothing, nothing)
    try demand(hidden == nothing, "What is −∞ minus −∞?")
    let one = Summary(maximum: -3, sum: 2)
    try demand(try answer(nothing, one) == one, "What does an empty chunk add?")
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}

private func summary(of chunk: ArraySlice<Float>) -> (maximum: Float, sum: Float) {
  let maximum = chunk.max() ?? -.infinity
  return (maximum, chunk.reduce(0) { $0 + exp($1 - maximum) })
}
