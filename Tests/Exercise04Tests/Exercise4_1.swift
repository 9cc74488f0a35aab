import ExerciseKit
import Exercises04
import Foundation
import Solutions04
import TestSupport
import Testing

@Suite struct `Exercise 4.1` {
  static let exercise = Exercise<@Sendable () throws -> (stored: Int, used: Int, rows: Int)>(
    "4.1", yours: Exercises04.expertLayer, solution: Solutions04.expertLayer,
    mutants: [
      "counts the shared expert among the eight": Mutants4_1.countsSharedAmongEight,
      "gives an expert two matrices": Mutants4_1.forgetsGate,
      "sends each token to one expert": Mutants4_1.sendsOnce,
    ]
  ) { answer in
    let layer = try answer()
    try demand(
      layer.stored == 257 * 44_040_192, "How many matrices has a SwiGLU, and how many experts?")
    try demand(
      layer.used == 9 * 44_040_192, "Is the shared expert one of the eight, or beside them?")
    try demand(layer.rows == 128, "How many visits do 4096 tokens make together?")
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
