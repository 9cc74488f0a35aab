import ExerciseKit
import Exercises09
import Foundation
import Solutions09
import TestSupport
import Testing

@Suite struct `Exercise 9.1` {
  static let exercise = Exercise<@Sendable () throws -> Mutants9_1.Answer>(
    "9.1", yours: Exercises09.threeToOne, solution: Solutions09.threeToOne,
    mutants: [
      "swaps the directions": Mutants9_1.swaps,
      "counts bits": Mutants9_1.countsBits,
      "takes the mean": Mutants9_1.takesTheMean,
      "forgets the halves": Mutants9_1.forgetsTheHalves,
      "teaches all": Mutants9_1.teachesAll,
      "gives the values": Mutants9_1.givesTheValues,
    ]
  ) { answer in
    let (undecided, silent) = try answer()
    let (teacher, student) = ([0.75, 0.25], [0.5, 0.5])
    let mixture = [0.625, 0.375]
    try demandClose(
      undecided.forward, divergence(teacher, student), within: 0.001,
      "Forward: whose probabilities weigh the logarithms? Take natural ones.")
    try demandClose(
      undecided.reverse, divergence(student, teacher), within: 0.001,
      "Reverse: whose probabilities weigh the logarithms now?")
    try demandClose(
      undecided.between, (divergence(teacher, mixture) + divergence(student, mixture)) / 2,
      within: 0.001, "Between: what is M, and how far from it are the two?")
    let hint = "How large is S log S where S(yes) is very small, and what has T to do with it?"
    try demandClose(
      silent.forward, -0.75, within: 0.001, "Forward: the slope is S − T. \(hint)")
    try demandClose(silent.reverse, 0, within: 0.001, "Reverse, in silence. \(hint)")
    try demandClose(silent.between, 0, within: 0.001, "Between, in silence. \(hint)")
  }

  private static func divergence(_ p: [Double], _ q: [Double]) -> Double {
    zip(p, q).reduce(0) { $0 + $1.0 * log($1.0 / $1.1) }
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
