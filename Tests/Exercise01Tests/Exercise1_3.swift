import ExerciseKit
import Exercises01
import Solutions01
import TestSupport
import Testing

@Suite struct `Exercise 1.3` {
  typealias Answer = @Sendable (Int, [[(place: Int, slope: Double)]]) throws -> [Double]

  static let exercise = Exercise<Answer>(
    "1.3", yours: Exercises01.leafGradients, solution: Solutions01.leafGradients,
    mutants: [
      "overwrites": Mutants1_3.overwrites,
      "walks forward": Mutants1_3.walksForward,
      "keeps the larger share": Mutants1_3.keepsTheLarger,
    ]
  ) { answer in
    // The chapter's example: s = w · x, m = v s, p = m + s, L = (p − 1)², at w = (4, −1), v = ½.
    let example: [[(place: Int, slope: Double)]] = [
      [(0, 1), (1, 2)], [(2, 2), (3, 0.5)], [(4, 1), (3, 1)], [(5, 4)],
    ]
    try demandClose(
      try answer(3, example), [6, 12, 8], within: 1e-12,
      "How many records read s, and does each get heard?")
    // x is doubled by adding it to itself, ten times over.
    let doublings = (0..<10).map { [(place: $0, slope: 1.0), (place: $0, slope: 1.0)] }
    try demandClose(
      try answer(1, doublings), [1024], within: 0, "What is the slope of x + x?")
    // Shares of opposite sign: x · 3 − x · 2.
    let difference: [[(place: Int, slope: Double)]] = [
      [(0, 3)], [(0, -2)], [(1, 1), (2, 1)],
    ]
    try demandClose(
      try answer(1, difference), [1], within: 1e-12, "Do shares of both signs add?")
    try demandClose(
      try answer(2, [[(0, 5)]]), [5, 0], within: 0, "What does a leaf get that nobody read?")
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
