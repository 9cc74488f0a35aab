import ExerciseKit
import Exercises09
import Foundation
import Solutions09
import Tensors
import TestSupport
import Testing

@Suite struct `Exercise 9.6` {
  typealias Interval = (mean: Double, low: Double, high: Double)
  typealias Difference =
    @Sendable (_ first: [[Double]], _ second: [[Double]], _ resamples: Int, _ seed: UInt64)
    throws
    -> Interval
  typealias SignTest = @Sendable (_ a: Int, _ b: Int) throws -> Double
  typealias Answer = (difference: Difference, signTest: SignTest)

  static let exercise = Exercise<Answer>(
    "9.6", yours: (Exercises09.difference, Exercises09.signTest),
    solution: (Solutions09.difference, Solutions09.signTest),
    mutants: [
      "draws problems only": (Mutants9_6.drawsProblemsOnly, Solutions09.signTest),
      "draws students only": (Mutants9_6.drawsStudentsOnly, Solutions09.signTest),
      "forgets the pairs": (Mutants9_6.forgetsThePairs, Solutions09.signTest),
      "draws each score": (Mutants9_6.drawsEachScore, Solutions09.signTest),
      "pairs the students": (Mutants9_6.pairsTheStudents, Solutions09.signTest),
      "leaves out too much": (Mutants9_6.leavesOutTooMuch, Solutions09.signTest),
      "leaves out nothing": (Mutants9_6.leavesOutNothing, Solutions09.signTest),
      "turns the sign": (Mutants9_6.turnsTheSign, Solutions09.signTest),
      "forgets the seed": (Mutants9_6.forgetsTheSeed, Solutions09.signTest),
      "has one seed": (Mutants9_6.hasOneSeed, Solutions09.signTest),
      "looks at one side": (Solutions09.difference, Mutants9_6.looksAtOneSide),
      "counts the middle twice": (Solutions09.difference, Mutants9_6.countsTheMiddleTwice),
      "takes one split": (Solutions09.difference, Mutants9_6.takesOneSplit),
      "expects the first": (Solutions09.difference, Mutants9_6.expectsTheFirst),
      "approximates": (Solutions09.difference, Mutants9_6.approximates),
      "forms binomials": (Solutions09.difference, Mutants9_6.formsBinomials),
    ]
  ) { answer in
    try checkSeed(answer.difference)
    try checkWidths(answer.difference)
    try checkSigns(answer.signTest)
  }

  private static func checkSeed(_ difference: Difference) throws {
    let first = scores(students: [0.5, 0.7, 0.6], problems: normals(40, seed: 1))
    let second = scores(students: [0.4, 0.45], problems: normals(40, seed: 2))
    let found = try difference(first, second, 2000, 7)
    let mean = first.joined().reduce(0, +) / 120 - second.joined().reduce(0, +) / 80
    try demandClose(found.mean, mean, within: 1e-9, "Which method is taken from which?")
    try demand(
      found.low < found.mean && found.mean < found.high,
      "Does the interval hold what was measured? (found \(found))")
    try demand(
      try difference(first, second, 2000, 7) == found, "Same seed: are they the same bits?")
    try demand(
      try difference(first, second, 2000, 8).low != found.low,
      "Another seed: are they other bits?")
  }

  /// Compares the width with that of a normal distribution, where it is one.
  private static func checkWidths(_ difference: Difference) throws {
    func demandWidth(
      _ first: [[Double]], _ second: [[Double]], deviation: Double, _ hint: String
    ) throws {
      let found = try difference(first, second, 4000, 3)
      try demandClose(
        (found.high - found.low) / 2, 1.96 * deviation, within: 0.1 * deviation + 1e-9, hint)
    }
    let problems = normals(150, seed: 3)
    let others = normals(150, seed: 4)
    let (still, spread) = ([Double](repeating: 0, count: 4), normals(40, seed: 5))
    try demandWidth(
      scores(students: still, problems: problems), scores(students: still, problems: problems),
      deviation: 0,
      "Both methods have the same scores on each problem. Do they meet the same drawn problems?"
    )
    try demandWidth(
      scores(students: still, problems: problems), scores(students: still, problems: others),
      deviation: deviation(zip(problems, others).map(-)) / 150.0.squareRoot(),
      "Four students with equal scores on 150 problems: how many problems tell the methods apart?"
    )
    try demandWidth(
      scores(students: spread, problems: still), scores(students: [0, 0, 0], problems: still),
      deviation: deviation(spread) / 40.0.squareRoot(),
      "Forty students differ and their problems do not: how many students tell the methods apart?"
    )
    try demandWidth(
      scores(students: spread, problems: still), scores(students: spread, problems: still),
      deviation: deviation(spread) * (2 / 40.0).squareRoot(),
      "Student 3 of one method and student 3 of the other: have they anything in common?")
    try demandWidth(
      scores(students: spread, problems: problems), scores(students: still, problems: others),
      deviation: (pow(deviation(spread), 2) / 40
        + pow(deviation(zip(problems, others).map(-)), 2) / 150).squareRoot(),
      "Students and problems differ: are both drawn again?")
  }

  private static func checkSigns(_ test: SignTest) throws {
    for (a, b, wanted) in [
      (0, 0, 1.0), (1, 0, 1), (5, 0, 0.0625), (0, 5, 0.0625), (1, 9, 22 / 1024.0),
      (9, 1, 22 / 1024.0), (2, 6, 74 / 256.0), (5, 5, 1), (4, 5, 1),
    ] {
      try demandClose(
        try test(a, b), wanted, within: 1e-12,
        "\(a) and \(b): of all the ways in which \(a + b) coins fall, how many are at least as uneven, "
          + "to either side?")
    }
    // The normal approximation with its correction for whole numbers, good to four places here.
    let wanted = erfc(99 / 4200.0.squareRoot())
    try demandClose(
      try test(1000, 1100), wanted, within: 1e-4, "What is 2²¹⁰⁰, and do you need it?")
  }

  /// Scores that are a student's own plus a problem's own.
  private static func scores(students: [Double], problems: [Double]) -> [[Double]] {
    students.map { student in problems.map { student + $0 } }
  }

  private static func normals(_ count: Int, seed: UInt64) -> [Double] {
    var generator = SplitMix64(seed: seed)
    return (0..<count).map { _ in generator.normal() }
  }

  /// The deviation of the numbers themselves: divided by their count.
  private static func deviation(_ numbers: [Double]) -> Double {
    let mean = numbers.reduce(0, +) / Double(numbers.count)
    let square = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (square / Double(numbers.count)).squareRoot()
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
