import Foundation
import Tensors

/// Draws tokens from rows of logits.
enum DrawKernel {
  /// A token and the logarithm of its probability under the policy.
  struct Draw {
    let token: Int
    let logProbability: Float
  }

  /// Draws one token from each row of logits.
  /// - Parameters:
  ///   - excluded: a token that may not be drawn; it keeps its place in the probabilities.
  ///   - forced: a token that is drawn whatever its probability.
  ///   - uniform: a number in [0, 1) for each row, asked for only when there is something to draw.
  /// - Shape: logits [rows, vocabulary] → rows
  static func draw(
    _ logits: Tensor, temperature: Double, excluded: Int?, forced: Int?,
    uniform: (_ row: Int) -> Double
  ) -> [Draw] {
    let width = logits.columns
    let scratch = Tensor(uninitialized: [2 * width])
    let (scaled, weights) = (scratch.fresh, scratch.fresh + width)
    let factor: Float = temperature > 0 ? Float(1 / temperature) : 1
    defer { withExtendedLifetime((logits, scratch)) {} }
    return (0..<logits.rows).map { row in
      scaled.update(from: logits.address + row * width, count: width)
      if factor != 1 { RowKernel.scale(width, scaled, by: factor) }
      let highest = RowKernel.maximum(width, scaled)
      let whole = RowKernel.exponentials(width, scaled, minus: highest, into: weights)
      if let excluded { (weights[excluded], scaled[excluded]) = (0, -.infinity) }
      let token: Int
      if let forced {
        token = forced
      } else if temperature == 0 {
        token = likeliest(width, scaled)
      } else {
        let sum = excluded == nil ? whole : RowKernel.sum(width, weights)
        token = place(of: uniform(row) * Double(sum), width, weights)
      }
      let log = Double(scaled[token]) - Double(highest) - log(Double(whole))
      return Draw(token: token, logProbability: Float(log))
    }
  }

  /// The first of the largest entries.
  private static func likeliest(_ n: Int, _ x: UnsafePointer<Float>) -> Int {
    var best = 0
    for j in 1..<n where x[j] > x[best] { best = j }
    return best
  }

  /// The entry at which the running sum passes a mark; the last with a weight, if rounding ate it.
  private static func place(of mark: Double, _ n: Int, _ weights: UnsafePointer<Float>) -> Int {
    var (remaining, last) = (mark, 0)
    for j in 0..<n where weights[j] > 0 {
      remaining -= Double(weights[j])
      if remaining < 0 { return j }
      last = j
    }
    return last
  }
}
