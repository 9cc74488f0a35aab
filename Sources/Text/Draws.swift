import Tensors

/// Draws whole numbers from random bits, by rules of our own.
///
/// The standard library does not promise to turn bits into numbers the same way for ever; a corpus that is
/// named by its seed needs that promise.
package enum Draw {
  /// Draws a whole number from `0..<count`, each equally likely.
  ///
  /// The high half of a 64 × 64-bit product; the few products that would favour small numbers are
  /// drawn again. Lemire, "Fast random integer generation in an interval", 2019.
  package static func below(
    _ count: Int, using generator: inout some RandomNumberGenerator
  ) -> Int {
    insist(count > 0, "a number below \(count) was asked for; the bound must be positive")
    let range = UInt64(count)
    let threshold = (0 &- range) % range
    while true {
      let product = range.multipliedFullWidth(by: generator.next())
      if product.low >= threshold { return Int(product.high) }
    }
  }

  /// Draws an index with a chance in proportion to its weight.
  ///
  /// Weights are whole numbers, so the distribution is exact and entropies of it are too.
  package static func index(
    weights: [Int], using generator: inout some RandomNumberGenerator
  ) -> Int {
    var rest = below(weights.reduce(0, +), using: &generator)
    for (index, weight) in weights.enumerated() {
      if rest < weight { return index }
      rest -= weight
    }
    return weights.count - 1
  }

  /// Puts elements in random order, each order equally likely.
  ///
  /// Fisher and Yates: from the last place down, each gets one of those that have none yet.
  package static func shuffled<Element>(
    _ elements: [Element], using generator: inout some RandomNumberGenerator
  ) -> [Element] {
    var elements = elements
    for last in elements.indices.dropFirst().reversed() {
      elements.swapAt(last, below(last + 1, using: &generator))
    }
    return elements
  }
}
