import Foundation

/// The surprise and the length that a source of text has on average.
///
/// Two sources written one after the other add; a choice between sources mixes. When every text can be
/// read back in one way only, `bits` is the entropy of the text itself and not just of the dice behind it.
public struct EntropyRate: Sendable, Equatable {
  /// Mean of −log₂ p over the texts of the source.
  public var bits: Double
  /// Mean length in UTF-8 bytes.
  public var bytes: Double

  /// Makes a rate from its two means.
  public init(bits: Double, bytes: Double) {
    self.bits = bits
    self.bytes = bytes
  }

  /// The entropy rate in nats per byte, the floor under a loss curve.
  ///
  /// H(document) · ln 2 / E[bytes of a document]. Documents are independent and each shows where it ends, so
  /// the ratio of the means is the rate of the endless text (renewal reward).
  public var natsPerByte: Double { bits * log(2) / bytes }

  /// Joins two independent texts.
  public static func + (left: EntropyRate, right: EntropyRate) -> EntropyRate {
    EntropyRate(bits: left.bits + right.bits, bytes: left.bytes + right.bytes)
  }

  /// A text that never varies.
  static func fixed(bytes: Int) -> EntropyRate { EntropyRate(bits: 0, bytes: Double(bytes)) }

  /// Repeats a source a number of times that is itself random.
  static func repeated(_ unit: EntropyRate, counts: [Int], weights: [Int]) -> EntropyRate {
    let total = Double(weights.reduce(0, +))
    var mean = 0.0
    for (count, weight) in zip(counts, weights) { mean += Double(count * weight) / total }
    let bits = entropy(ofWeights: weights) + mean * unit.bits
    return EntropyRate(bits: bits, bytes: mean * unit.bytes)
  }

  /// Picks one of several sources by whole-number weights.
  static func mixture(_ parts: [(weight: Int, rate: EntropyRate)]) -> EntropyRate {
    let total = Double(parts.map(\.weight).reduce(0, +))
    var sum = EntropyRate(bits: entropy(ofWeights: parts.map(\.weight)), bytes: 0)
    for part in parts {
      let share = Double(part.weight) / total
      sum.bits += share * part.rate.bits
      sum.bytes += share * part.rate.bytes
    }
    return sum
  }

  /// The entropy of one draw, in bits: Σ p log₂(1/p) with p in proportion to the weights.
  package static func entropy(ofWeights weights: [Int]) -> Double {
    let total = weights.reduce(0, +)
    var sum = 0.0
    for weight in weights where weight > 0 {
      sum += Double(weight) / Double(total) * surprise(weight, of: total)
    }
    return sum
  }

  /// The surprise of an outcome with the chance weight/total, in bits.
  package static func surprise(_ weight: Int, of total: Int) -> Double {
    log2(Double(total) / Double(weight))
  }
}
