import RL
import Tensors

extension PassRate {
  /// The chance that the commonest of k answers is right, from n answers of which k are taken.
  ///
  /// cons@k without bias: the mean of `consensus(of:isRight:)` over all C(n, k) choices of k of the
  /// n answers, counted and not drawn. Equally common answers are taken with equal chances; samples
  /// without an answer have no vote; without any vote it is 0.
  ///
  /// Σ_r Σ_t Σ_j C(c_r, t) · N(t, j) / (j + 1) / C(n, k), over the right answers r with c_r votes:
  /// N(t, j) counts the choices of the other k − t among which j answers have t votes and none has
  /// more.
  public static func consensus(
    of answers: [String?], taking k: Int, isRight: (String) -> Bool
  ) -> Double {
    insist(
      (1...max(answers.count, 1)).contains(k),
      "cons@\(k) needs at least \(k) samples, not \(answers.count)")
    var votes: [String: Int] = [:]
    for case let answer? in answers { votes[answer, default: 0] += 1 }
    let ordered = votes.sorted { $0.key < $1.key }
    let silent = answers.count - votes.values.reduce(0, +)
    var sum = 0.0
    for (place, entry) in ordered.enumerated() where isRight(entry.key) {
      let others = ordered.indices.filter { $0 != place }.map { ordered[$0].value }
      for top in 1..<min(entry.value, k) + 1 {
        let ways = choices(of: k - top, others: others, silent: silent, top: top)
        sum += binomial(entry.value, top) * ways
      }
    }
    return sum / binomial(answers.count, k)
  }

  /// Σ_j N(t, j) / (j + 1): the choices of some samples among which no answer has more than `top`
  /// votes, each divided by the number of answers that share the top.
  private static func choices(
    of count: Int, others: [Int], silent: Int, top: Int
  ) -> Double {
    // table[s][j]: the choices of s samples so far with j answers at the top.
    var table = [[Double]](repeating: [0], count: count + 1)
    for s in 0...min(count, silent) { table[s][0] = binomial(silent, s) }
    for votes in others {
      var next = table.map { $0.map { _ in 0.0 } + [0] }
      for s in table.indices {
        for (j, ways) in table[s].enumerated() where ways != 0 {
          for taken in 0...min(votes, top, count - s) {
            next[s + taken][taken == top ? j + 1 : j] += ways * binomial(votes, taken)
          }
        }
      }
      table = next
    }
    return table[count].enumerated().reduce(0) { $0 + $1.element / Double($1.offset + 1) }
  }

  /// C(n, k), rounded to a `Double`.
  private static func binomial(_ n: Int, _ k: Int) -> Double {
    guard k >= 0, k <= n else { return 0 }
    return (0..<min(k, n - k)).reduce(1.0) { $0 * Double(n - $1) / Double($1 + 1) }
  }
}
