import Foundation

/// FlashAttention of 2022 for one causal head, in Double: keys in the outer loop, queries in the inner.
///
/// After each tile of keys the output of a row is a finished mean, and waits in memory for the next.
struct FirstFlashTwin {
  let length, keyWidth, valueWidth: Int
  let scale: Double
  /// The keys of a tile.
  let keys: Int

  /// The output, and how many times a row of it was fetched, corrected and put back.
  func forward(_ q: [Double], _ k: [Double], _ v: [Double]) -> (output: [Double], visits: Int) {
    var o = [Double](repeating: 0, count: length * valueWidth)
    var maxima = [Double](repeating: -.infinity, count: length)
    var sums = [Double](repeating: 0, count: length)
    var visits = 0
    for first in stride(from: 0, to: length, by: keys) {
      for i in first..<length {
        let seen = first...min(i, first + keys - 1)
        let scores = seen.map { scale * dot(row(i, of: q, keyWidth), row($0, of: k, keyWidth)) }
        let maximum = scores.reduce(maxima[i], max)
        let powers = scores.map { exp($0 - maximum) }
        let old = sums[i] * exp(maxima[i] - maximum)
        let sum = powers.reduce(old, +)
        for c in 0..<valueWidth {
          let new = zip(seen, powers).reduce(0.0) { $0 + $1.1 * v[$1.0 * valueWidth + c] }
          o[i * valueWidth + c] = (old * o[i * valueWidth + c] + new) / sum
        }
        (maxima[i], sums[i]) = (maximum, sum)
        visits += 1
      }
    }
    return (o, visits)
  }

  private func row(_ i: Int, of x: [Double], _ width: Int) -> ArraySlice<Double> {
    x[i * width..<(i + 1) * width]
  }
}
