import ExerciseKit
import Exercises02
import Foundation
import Solutions02
import TestSupport
import Testing

@Suite struct `Exercise 2.6` {
  static let exercise = Exercise<Pullback>(
    "2.6", yours: Exercises02.rowPullback(query:keys:values:scale:upstream:),
    solution: Solutions02.rowPullback(query:keys:values:scale:upstream:),
    mutants: [
      "treats the weights as free": Mutants2_6.forgetsMean,
      "forgets the scale": Mutants2_6.forgetsScale,
      "gives every value the whole gradient": Mutants2_6.sharesNothing,
    ]
  ) { answer in
    let (query, upstream) = ([0.5, -1.2], [1.0, 0.3, -0.7])
    let keys = [[1.0, 0.2], [-0.4, 0.9], [0.3, -1.1], [0.8, 0.8]]
    let values = [[1.0, 2, 0], [0.5, -1, 1], [-2, 0.1, 0.4], [0, 1, 1]]
    let found = try answer(query, keys, values, 0.6, upstream)
    try demandClose(
      found.values.flatMap { $0 },
      slopes(values) { loss(query, keys, $0, upstream) }, within: 1e-7,
      "Does each value get the share of ō that its weight says?")
    try demandClose(
      found.keys.flatMap { $0 }, slopes(keys) { loss(query, $0, values, upstream) },
      within: 1e-7, "Keys: have you subtracted D, and multiplied by τ?")
    try demandClose(
      found.query, slopes([query]) { loss($0[0], keys, values, upstream) }, within: 1e-7,
      "The query: does every key pull at it?")
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }

  typealias Pullback =
    @Sendable ([Double], [[Double]], [[Double]], Double, [Double]) throws -> (
      query: [Double], keys: [[Double]], values: [[Double]]
    )
}

/// ō · o, from the formula.
private func loss(
  _ query: [Double], _ keys: [[Double]], _ values: [[Double]], _ upstream: [Double]
) -> Double {
  let raised = keys.map { exp(0.6 * dot(query, $0)) }
  return dot(raised, values.map { dot(upstream, $0) }) / raised.reduce(0, +)
}

/// The slope of a function by every number, from both sides.
private func slopes(_ at: [[Double]], _ function: ([[Double]]) -> Double) -> [Double] {
  at.indices.flatMap { row in
    at[row].indices.map { column in
      var (up, down) = (at, at)
      up[row][column] += 1e-5
      down[row][column] -= 1e-5
      return (function(up) - function(down)) / 2e-5
    }
  }
}

private func dot(_ a: [Double], _ b: [Double]) -> Double {
  zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
}
