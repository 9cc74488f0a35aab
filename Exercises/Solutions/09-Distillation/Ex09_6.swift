import Foundation
import Tensors

/// The answer to exercise 9.6.
///
/// Why this way: an interval answers "what if we did it again?", so it must draw again whatever would be
/// new: other problems, and other seeds. Scores of one student are alike, and so are scores on one
/// problem; a million of them from two students are still two students. But both methods meet the same
/// drawn problems, for that a problem is hard is no difference between them, and pairing takes it out.
/// With two or three seeds the interval is still too narrow, by about √(k / (k − 1)), and cannot know
/// it; give the number of seeds beside it.
public func difference(
  between first: [[Double]], and second: [[Double]], resamples: Int, seed: UInt64
) throws -> (mean: Double, low: Double, high: Double) {
  var generator = SplitMix64(seed: seed)
  return Bootstrap().interval(first, second, resamples, &generator)
}

/// The second function of exercise 9.6.
///
/// Why this way: problems that both got right, or neither, say nothing about which is better. Of the
/// others a fair coin would make every split; the chance of each is formed by its logarithm, since 2ⁿ
/// breaks at 1024. Both tails count, and their middle only once: hence the bound of 1. This is McNemar's
/// test in its exact form; five to nothing is .06 and proves nothing yet.
public func signTest(onlyFirst a: Int, onlySecond b: Int) throws -> Double {
  min(1, 2 * tail(min(a, b), of: a + b))
}

/// The chance of at most k heads in n tosses.
private func tail(_ k: Int, of n: Int) -> Double {
  var (logarithm, sum) = (-Double(n) * log(2), 0.0)
  for i in 0...k {
    sum += exp(logarithm)
    logarithm += log(Double(n - i) / Double(i + 1))
  }
  return sum
}

/// The rule, and what mutants change of it.
private struct Bootstrap {
  var drawsStudents = true
  var drawsProblems = true
  var isPaired = true
  var drawsEachScore = false
  var pairsStudents = false
  /// The share of the differences that is left out at either end.
  var leftOut = 1.0 / 40

  func interval(
    _ first: [[Double]], _ second: [[Double]], _ resamples: Int,
    _ generator: inout some RandomNumberGenerator
  ) -> (mean: Double, low: Double, high: Double) {
    let problems = first[0].count
    let all = Array(0..<problems)
    let mean = mean(first, Array(first.indices), all) - mean(second, Array(second.indices), all)
    let differences = (0..<resamples).map { _ in
      drawsEachScore
        ? meanOfScores(first, &generator) - meanOfScores(second, &generator)
        : drawn(first, second, all, &generator)
    }.sorted()
    let cut = Int(Double(resamples) * leftOut)
    return (mean, differences[cut], differences[resamples - 1 - cut])
  }

  private func drawn(
    _ first: [[Double]], _ second: [[Double]], _ all: [Int],
    _ generator: inout some RandomNumberGenerator
  ) -> Double {
    let one = drawsStudents ? draw(first.count, &generator) : Array(first.indices)
    var other = drawsStudents ? draw(second.count, &generator) : Array(second.indices)
    if pairsStudents { other = one.map { min($0, second.count - 1) } }
    let asked = drawsProblems ? draw(all.count, &generator) : all
    let askedAgain = isPaired ? asked : draw(all.count, &generator)
    return mean(first, one, asked) - mean(second, other, askedAgain)
  }

  private func draw(_ count: Int, _ generator: inout some RandomNumberGenerator) -> [Int] {
    (0..<count).map { _ in Int(generator.next().multipliedFullWidth(by: UInt64(count)).high) }
  }

  private func mean(_ scores: [[Double]], _ students: [Int], _ problems: [Int]) -> Double {
    var sum = 0.0
    for student in students {
      for problem in problems { sum += scores[student][problem] }
    }
    return sum / Double(students.count * problems.count)
  }

  private func meanOfScores(
    _ scores: [[Double]], _ generator: inout some RandomNumberGenerator
  ) -> Double {
    let flat = Array(scores.joined())
    return draw(flat.count, &generator).reduce(0) { $0 + flat[$1] } / Double(flat.count)
  }
}

/// Wrong answers to exercise 9.6.
public enum Mutants9_6 {
  /// What the first function returns.
  public typealias Interval = (mean: Double, low: Double, high: Double)

  private static func interval(
    _ first: [[Double]], _ second: [[Double]], _ resamples: Int, _ seed: UInt64,
    _ bootstrap: Bootstrap
  ) -> Interval {
    var generator = SplitMix64(seed: seed)
    return bootstrap.interval(first, second, resamples, &generator)
  }

  /// Takes the students as given.
  public static func drawsProblemsOnly(
    between first: [[Double]], and second: [[Double]], resamples: Int, seed: UInt64
  ) throws -> Interval {
    interval(first, second, resamples, seed, Bootstrap(drawsStudents: false))
  }

  /// Takes the problems as given.
  public static func drawsStudentsOnly(
    between first: [[Double]], and second: [[Double]], resamples: Int, seed: UInt64
  ) throws -> Interval {
    interval(first, second, resamples, seed, Bootstrap(drawsProblems: false))
  }

  /// Gives each method problems of its own.
  public static func forgetsThePairs(
    between first: [[Double]], and second: [[Double]], resamples: Int, seed: UInt64
  ) throws -> Interval {
    interval(first, second, resamples, seed, Bootstrap(isPaired: false))
  }

  /// Takes every score for a new experiment.
  public static func drawsEachScore(
    between first: [[Double]], and second: [[Double]], resamples: Int, seed: UInt64
  ) throws -> Interval {
    interval(first, second, resamples, seed, Bootstrap(drawsEachScore: true))
  }

  /// Draws the same students of both methods, as if they had something in common.
  public static func pairsTheStudents(
    between first: [[Double]], and second: [[Double]], resamples: Int, seed: UInt64
  ) throws -> Interval {
    interval(first, second, resamples, seed, Bootstrap(pairsStudents: true))
  }

  /// Leaves out 5 % at either end.
  public static func leavesOutTooMuch(
    between first: [[Double]], and second: [[Double]], resamples: Int, seed: UInt64
  ) throws -> Interval {
    interval(first, second, resamples, seed, Bootstrap(leftOut: 1.0 / 20))
  }

  /// Takes the smallest and the largest.
  public static func leavesOutNothing(
    between first: [[Double]], and second: [[Double]], resamples: Int, seed: UInt64
  ) throws -> Interval {
    interval(first, second, resamples, seed, Bootstrap(leftOut: 0))
  }

  /// Subtracts the wrong way round.
  public static func turnsTheSign(
    between first: [[Double]], and second: [[Double]], resamples: Int, seed: UInt64
  ) throws -> Interval {
    try difference(between: second, and: first, resamples: resamples, seed: seed)
  }

  /// Draws with other bits each time.
  public static func forgetsTheSeed(
    between first: [[Double]], and second: [[Double]], resamples: Int, seed: UInt64
  ) throws -> Interval {
    var generator = SystemRandomNumberGenerator()
    return Bootstrap().interval(first, second, resamples, &generator)
  }

  /// Has one seed for all.
  public static func hasOneSeed(
    between first: [[Double]], and second: [[Double]], resamples: Int, seed: UInt64
  ) throws -> Interval {
    try difference(between: first, and: second, resamples: resamples, seed: 0)
  }

  /// Looks at one side.
  public static func looksAtOneSide(onlyFirst a: Int, onlySecond b: Int) throws -> Double {
    tail(min(a, b), of: a + b)
  }

  /// Counts the middle twice.
  public static func countsTheMiddleTwice(onlyFirst a: Int, onlySecond b: Int) throws -> Double
  {
    2 * tail(min(a, b), of: a + b)
  }

  /// Takes the chance of this split alone.
  public static func takesOneSplit(onlyFirst a: Int, onlySecond b: Int) throws -> Double {
    let k = min(a, b)
    return min(1, 2 * (tail(k, of: a + b) - (k > 0 ? tail(k - 1, of: a + b) : 0)))
  }

  /// Asks whether the first is better, and never whether the second is.
  public static func expectsTheFirst(onlyFirst a: Int, onlySecond b: Int) throws -> Double {
    min(1, 2 * tail(b, of: a + b))
  }

  /// Uses the normal approximation.
  public static func approximates(onlyFirst a: Int, onlySecond b: Int) throws -> Double {
    let n = Double(a + b)
    return n == 0 ? 1 : erfc(abs(Double(a - b)) / (2 * n).squareRoot())
  }

  /// Forms 2ⁿ and binomials.
  public static func formsBinomials(onlyFirst a: Int, onlySecond b: Int) throws -> Double {
    var (binomial, sum) = (1.0, 0.0)
    for i in 0...min(a, b) {
      sum += binomial
      binomial *= Double(a + b - i) / Double(i + 1)
    }
    return min(1, 2 * sum / pow(2, Double(a + b)))
  }
}
