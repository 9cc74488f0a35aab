import Foundation

/// The answer to exercise 8.5.
///
/// Why this way: each factor is a ratio of two binomials that differ in one sample, so nothing large is
/// ever formed. If fewer than k samples are wrong, one of the factors has i = k and is zero: the
/// estimate is 1 without a special case. The tempting 1 − (1 − c/n)ᵏ draws with putting back, and
/// so it meets the same sample twice and is too low: for n = 10, p = 0.23 and k = 4 by 0.06.
public func passAt(_ k: Int, right c: Int, among n: Int) throws -> Double {
  var allWrong = 1.0
  for i in n - c + 1..<n + 1 { allWrong *= 1 - Double(k) / Double(i) }
  return 1 - allWrong
}

/// The second function of exercise 8.5.
///
/// Why this way: the vote itself is a random thing when there is a tie. Its expectation is as good as
/// many repetitions, and does not depend on the order of the samples.
public func consensus(of answers: [String?], right: String) throws -> Double {
  let top = top(answers.compactMap { $0 })
  return top.contains(right) ? 1 / Double(top.count) : 0
}

/// The commonest answers.
private func top(_ answers: [String]) -> Set<String> {
  var votes: [String: Int] = [:]
  for answer in answers { votes[answer, default: 0] += 1 }
  let most = votes.values.max()
  return Set(votes.filter { $0.value == most }.keys)
}

/// Wrong answers to exercise 8.5.
public enum Mutants8_5 {
  /// Draws with putting back.
  public static func putsBack(_ k: Int, right c: Int, among n: Int) throws -> Double {
    1 - pow(1 - Double(c) / Double(n), Double(k))
  }

  /// Forms the binomials.
  public static func formsBinomials(_ k: Int, right c: Int, among n: Int) throws -> Double {
    func binomial(_ n: Int) -> Double {
      n < k ? 0 : (0..<k).reduce(1) { $0 * Double(n - $1) / Double($1 + 1) }
    }
    return 1 - binomial(n - c) / binomial(n)
  }

  /// Multiplies one factor too early.
  public static func startsTooEarly(_ k: Int, right c: Int, among n: Int) throws -> Double {
    var allWrong = 1.0
    for i in max(n - c, 1)..<max(n, 1) { allWrong *= 1 - Double(k) / Double(i) }
    return 1 - allWrong
  }

  /// Looks at the first k samples alone, as if the right ones came last.
  public static func looksAtTheFirst(_ k: Int, right c: Int, among n: Int) throws -> Double {
    n - c < k ? 1 : 0
  }

  /// Takes the first of the commonest.
  public static func takesTheFirst(of answers: [String?], right: String) throws -> Double {
    let answers = answers.compactMap { $0 }
    let top = top(answers)
    return answers.first(where: top.contains) == right ? 1 : 0
  }

  /// Counts a tie for won.
  public static func winsTies(of answers: [String?], right: String) throws -> Double {
    top(answers.compactMap { $0 }).contains(right) ? 1 : 0
  }

  /// Counts a tie for lost.
  public static func losesTies(of answers: [String?], right: String) throws -> Double {
    top(answers.compactMap { $0 }) == [right] ? 1 : 0
  }

  /// Lets unreadable answers vote for nothing.
  public static func countsTheUnreadable(of answers: [String?], right: String) throws -> Double
  {
    let top = top(answers.map { $0 ?? "" })
    return top.contains(right) ? 1 / Double(top.count) : 0
  }

  /// Takes the share of right answers, which is pass@1.
  public static func takesTheShare(of answers: [String?], right: String) throws -> Double {
    let votes = answers.compactMap { $0 }
    return votes.isEmpty ? 0 : Double(votes.count { $0 == right }) / Double(votes.count)
  }
}
