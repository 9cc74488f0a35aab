import Foundation

/// A text under construction together with the surprise of every choice made so far.
package struct Draft: Sendable {
  /// The text so far.
  package var text = ""
  /// −log₂ of the probability of all choices so far.
  package var bits = 0.0

  package init() {}

  /// Draws an index by weight and books its surprise.
  package mutating func choose(
    weights: [Int], using generator: inout some RandomNumberGenerator
  ) -> Int {
    let index = Draw.index(weights: weights, using: &generator)
    bits += EntropyRate.surprise(weights[index], of: weights.reduce(0, +))
    return index
  }

  /// Draws from `0..<count` and books the surprise.
  package mutating func choose(
    below count: Int, using generator: inout some RandomNumberGenerator
  ) -> Int {
    bits += log2(Double(count))
    return Draw.below(count, using: &generator)
  }
}
