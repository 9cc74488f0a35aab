import ExerciseKit
import Exercises04
import Foundation
import Solutions04
import TestSupport
import Testing

@Suite struct `Exercise 4.5` {
  static let exercise = Exercise<
    @Sendable ([[[Double]]], Int, Double) throws -> (choices: [[[Int]]], bias: [Double])
  >(
    "4.5", yours: Exercises04.routeInTurn(_:active:speed:),
    solution: Solutions04.routeInTurn(_:active:speed:),
    mutants: [
      "turns the sign": Mutants4_5.turnsSign,
      "moves the bias by the batch that it chooses for": Mutants4_5.looksAhead,
      "moves the bias within a batch": Mutants4_5.movesWithinBatch,
      "expects each token once": Mutants4_5.forgetsActive,
      "moves where the load is even": Mutants4_5.movesTheEven,
    ]
  ) { answer in
    let batch = [
      [0.9, 0.8, 0.1, 0.2], [0.7, 0.2, 0.6, 0.1], [0.9, 0.5, 0.4, 0.3], [0.6, 0.7, 0.2, 0.1],
    ]
    let first = try answer([batch], 2, 0.15)
    try demand(
      first.choices == [[[0, 1], [0, 2], [0, 1], [1, 0]]],
      "No batch has ended yet: which bias does the first one see?")
    try demandClose(
      first.bias, [-0.15, -0.15, 0.15, 0.15], within: 1e-12,
      "The loads are 4, 3, 1 and 0, their mean is 2. Who must become less likely?")

    let second = try answer([batch, batch], 2, 0.15)
    try demand(
      second.choices.last == [[0, 1], [2, 0], [0, 2], [1, 0]],
      "What does the second batch choose by?")
    try demandClose(
      second.bias, [-0.3, -0.15, 0.15, 0.3], within: 1e-12,
      "The loads are 4, 2, 2 and 0. Which two biases stay where they are?")

    var other = batch
    other[3] = [0.1, 0.1, 0.9, 0.8]
    let changed = try answer([batch, other], 2, 0.15)
    try demand(
      changed.choices.last?.prefix(3) == second.choices.last?.prefix(3),
      "The last token is another one. May the tokens before it notice?")
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
