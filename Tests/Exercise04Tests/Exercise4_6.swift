import ExerciseKit
import Exercises04
import Foundation
import Solutions04
import TestSupport
import Testing

@Suite struct `Exercise 4.6` {
  static let exercise = Exercise<Mixture>(
    "4.6", yours: Exercises04.sparseMixture(_:choices:weights:experts:shared:),
    solution: Solutions04.sparseMixture(_:choices:weights:experts:shared:),
    mutants: [
      "scales the shared expert": Mutants4_6.scalesShared,
      "lets all work on all, and masks": Mutants4_6.masks,
      "takes the weights unsorted": Mutants4_6.forgetsToSortWeights,
      "calls an expert for each slot": Mutants4_6.callsForEachSlot,
    ]
  ) { answer in
    let rows = [[1.0, 2], [-1, 0.5], [3, -2], [0.25, 1], [-0.5, -3]]
    let choices = [[3, 0], [0, 1], [3, 1], [1, 3], [0, 3]]
    let weights = [[1.5, 1], [2, 0.5], [0.75, 1.75], [1.25, 1], [0.5, 2]]
    let log = Log()
    let found = try answer(
      rows, choices, weights, (0..<4).map { log.expert($0) }, log.expert(9))
    let expected = rows.indices.map { token in
      rows[token].indices.map { column in
        zip(choices[token], weights[token]).reduce(output(9, rows[token])[column]) {
          $0 + $1.1 * output($1.0, rows[token])[column]
        }
      }
    }
    try demandClose(
      found.flatMap { $0 }, expected.flatMap { $0 }, within: 1e-9,
      "Does each output go back to its own token, by its own weight, and the shared one by 1?")
    try demand(log.calls[2] == nil, "Expert 2 has no rows. Why was it called?")
    for (expert, tokens) in [0: [0, 1, 4], 1: [1, 2, 3], 3: [0, 2, 3, 4]] {
      try demand(
        log.calls[expert] == [tokens.map { rows[$0] }],
        "Is expert \(expert) called once, with its own rows in the order of their tokens?")
    }
    try demand(log.calls[9] == [rows], "Is the shared expert called once, with all rows?")
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }

  typealias Mixture =
    @Sendable (
      [[Double]], [[Int]], [[Double]], [([[Double]]) -> [[Double]]],
      ([[Double]]) -> [[Double]]
    ) throws -> [[Double]]
}

/// What experts were called with.
private final class Log {
  var calls: [Int: [[[Double]]]] = [:]

  func expert(_ number: Int) -> ([[Double]]) -> [[Double]] {
    { rows in
      self.calls[number, default: []].append(rows)
      return rows.map { output(number, $0) }
    }
  }
}

/// An expert that nobody takes for another.
private func output(_ number: Int, _ row: [Double]) -> [Double] {
  [tanh(row[0] + Double(number)), row[1] * row[0] - Double(number * number)]
}
