import Foundation

/// The answer to exercise 11.4.
///
/// Why this way: the place of a score is the last token of its own text, so padding is neither read nor
/// moved, and a text has the same score in every batch. −log σ(x) = max(−x, 0) + log(1 + e^−|x|) has
/// no exponential of a large number. Each slope is −(1 − σ): a pair that the model finds surprising pulls
/// with all its weight, one that it knows pulls no more. The slopes of a pair sum to 0, so a constant
/// in all scores is never learnt; nothing in the data speaks of it.
public func preference(
  scores: [[Double]], lengths: [Int], pairs: [(chosen: Int, rejected: Int)]
) throws -> (loss: Double, slopes: [[Double]]) { Judge().loss(scores, lengths, pairs) }

/// The rule, and what mutants change of it.
private struct Judge {
  enum Place { case last, padded, behind, mean }
  var place = Place.last
  var swaps = false
  var sums = false
  var overflows = false
  var chance = false
  var overwrites = false
  var winnersOnly = false

  func loss(
    _ scores: [[Double]], _ lengths: [Int], _ pairs: [Mutants11_4.Pair]
  ) -> Mutants11_4.Answer {
    var slopes = scores.map { $0.map { _ in 0.0 } }
    guard !pairs.isEmpty else { return (0, slopes) }
    let count = sums ? 1 : Double(pairs.count)
    var loss = 0.0
    for pair in pairs {
      let (better, worse) = swaps ? (pair.rejected, pair.chosen) : (pair.chosen, pair.rejected)
      let lead = score(scores, lengths, better) - score(scores, lengths, worse)
      loss += overflows ? log(1 + exp(-lead)) : max(-lead, 0) + log1p(exp(-abs(lead)))
      let slope = (chance ? -1 / (1 + exp(-lead)) : -1 / (1 + exp(lead))) / count
      add(slope, to: &slopes[better], lengths[better])
      if !winnersOnly { add(-slope, to: &slopes[worse], lengths[worse]) }
    }
    return (loss / count, slopes)
  }

  private func places(_ length: Int, of count: Int) -> Range<Int> {
    switch place {
    case .last: length - 1..<length
    case .padded: count - 1..<count
    case .behind: min(length, count - 1)..<min(length, count - 1) + 1
    case .mean: 0..<length
    }
  }

  private func score(_ scores: [[Double]], _ lengths: [Int], _ row: Int) -> Double {
    let read = scores[row][places(lengths[row], of: scores[row].count)]
    return read.reduce(0, +) / Double(read.count)
  }

  private func add(_ slope: Double, to row: inout [Double], _ length: Int) {
    let read = places(length, of: row.count)
    for position in read {
      row[position] = (overwrites ? 0 : row[position]) + slope / Double(read.count)
    }
  }
}

/// Wrong answers to exercise 11.4.
public enum Mutants11_4 {
  /// Two rows.
  public typealias Pair = (chosen: Int, rejected: Int)
  /// What the exercise asks for.
  public typealias Answer = (loss: Double, slopes: [[Double]])

  /// Prefers what was rejected.
  public static func swaps(scores: [[Double]], lengths: [Int], pairs: [Pair]) throws -> Answer {
    Judge(swaps: true).loss(scores, lengths, pairs)
  }

  /// Reads the last column, whatever stands there.
  public static func readsPadding(
    scores: [[Double]], lengths: [Int], pairs: [Pair]
  ) throws -> Answer { Judge(place: .padded).loss(scores, lengths, pairs) }

  /// Reads one place too far.
  public static func readsBehind(
    scores: [[Double]], lengths: [Int], pairs: [Pair]
  ) throws -> Answer { Judge(place: .behind).loss(scores, lengths, pairs) }

  /// Takes the mean of all tokens.
  public static func takesTheMean(
    scores: [[Double]], lengths: [Int], pairs: [Pair]
  ) throws -> Answer { Judge(place: .mean).loss(scores, lengths, pairs) }

  /// Forgets to divide.
  public static func sums(scores: [[Double]], lengths: [Int], pairs: [Pair]) throws -> Answer {
    Judge(sums: true).loss(scores, lengths, pairs)
  }

  /// Takes the exponential of a large number.
  public static func overflows(
    scores: [[Double]], lengths: [Int], pairs: [Pair]
  ) throws -> Answer { Judge(overflows: true).loss(scores, lengths, pairs) }

  /// Pulls hardest where nothing is to be learnt.
  public static func pullsTheSure(
    scores: [[Double]], lengths: [Int], pairs: [Pair]
  ) throws -> Answer { Judge(chance: true).loss(scores, lengths, pairs) }

  /// Keeps the last pair of a text.
  public static func overwrites(
    scores: [[Double]], lengths: [Int], pairs: [Pair]
  ) throws -> Answer { Judge(overwrites: true).loss(scores, lengths, pairs) }

  /// Raises the chosen, and leaves the rejected where it is.
  public static func raisesOnly(
    scores: [[Double]], lengths: [Int], pairs: [Pair]
  ) throws -> Answer { Judge(winnersOnly: true).loss(scores, lengths, pairs) }

  /// Divides by the count of no pairs.
  public static func dividesByNothing(
    scores: [[Double]], lengths: [Int], pairs: [Pair]
  ) throws -> Answer {
    pairs.isEmpty ? (.nan, scores) : Judge().loss(scores, lengths, pairs)
  }
}
