import ExerciseKit
import Exercises08
import Foundation
import Solutions08
import TestSupport
import Testing

@Suite struct `Exercise 8.5` {
  typealias Answer = (
    passAt: @Sendable (_ k: Int, _ right: Int, _ among: Int) throws -> Double,
    consensus: @Sendable (_ answers: [String?], _ right: String) throws -> Double
  )

  static let exercise = Exercise<Answer>(
    "8.5", yours: (Exercises08.passAt, Exercises08.consensus),
    solution: (Solutions08.passAt, Solutions08.consensus),
    mutants: [
      "puts back": (Mutants8_5.putsBack, Solutions08.consensus),
      "forms binomials": (Mutants8_5.formsBinomials, Solutions08.consensus),
      "starts too early": (Mutants8_5.startsTooEarly, Solutions08.consensus),
      "looks at the first": (Mutants8_5.looksAtTheFirst, Solutions08.consensus),
      "takes the first of a tie": (Solutions08.passAt, Mutants8_5.takesTheFirst),
      "wins ties": (Solutions08.passAt, Mutants8_5.winsTies),
      "loses ties": (Solutions08.passAt, Mutants8_5.losesTies),
      "counts the unreadable": (Solutions08.passAt, Mutants8_5.countsTheUnreadable),
      "takes the share": (Solutions08.passAt, Mutants8_5.takesTheShare),
    ]
  ) { answer in
    try checkPass(answer.passAt)
    try checkConsensus(answer.consensus)
  }

  private static func checkPass(_ passAt: (Int, Int, Int) throws -> Double) throws {
    // Of the six pairs among four samples, five have one of the two right ones.
    try demandClose(
      passAt(2, 2, 4), 5 / 6.0, within: 1e-12,
      "Write the six pairs out: how many have a right one?")
    for c in 0...10 {
      try demandClose(
        passAt(1, c, 10), Double(c) / 10, within: 1e-12, "What is pass@1 with \(c) of 10?")
    }
    try demand(
      try passAt(8, 3, 10) == 1, "Seven are wrong. Can eight be drawn without a right one?")
    try demand(try passAt(4, 0, 10) == 0, "None is right. What is the empty product?")
    // The expectation over all experiments with p = 0.23.
    let (n, p) = (10, 0.23)
    var (mean, chance) = (0.0, pow(1 - p, Double(n)))
    for c in 0...n {
      mean += chance * (try passAt(4, c, n))
      chance *= p / (1 - p) * Double(n - c) / Double(c + 1)
    }
    try demandClose(
      mean, 1 - pow(1 - p, 4), within: 1e-12,
      "The mean over many experiments has a bias. Is a sample put back after it was drawn?")
    // C(1999, 1000) / C(2000, 1000) = 1000 / 2000, although both have 600 digits.
    try demandClose(
      passAt(1000, 1, 2000), 0.5, within: 1e-9, "How large do your intermediate numbers become?"
    )
  }

  private static func checkConsensus(_ consensus: ([String?], String) throws -> Double) throws {
    try demand(
      try consensus(["7", "3", "7", "5"], "7") == 1, "Two of four, the others alone: who wins?")
    try demand(
      try consensus(["7", "3", "3"], "7") == 0, "Does the truth win against a majority?")
    for answers in [["7", "3", "7", "3", "5"], ["3", "7", "3", "7", "5"]] {
      try demandClose(
        consensus(answers, "7"), 0.5, within: 1e-12,
        "Two answers are equally common. What does a coin give on average?")
    }
    try demandClose(
      consensus(["1", "2", "7"], "7"), 1 / 3.0, within: 1e-12, "Three answers, each once?")
    try demand(
      try consensus([nil, nil, nil, "7"], "7") == 1,
      "Do unreadable answers agree with each other?")
    try demand(try consensus([nil, nil], "7") == 0, "Who is elected when nobody votes?")
    try demand(try consensus([], "7") == 0, "Who is elected when nobody is asked?")
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
