/// What an update saw of the tokens in its loss.
public struct PolicyStatistics: Sendable, Equatable {
  /// The tokens with a weight.
  public internal(set) var tokens = 0
  /// Those whose surrogate no longer depends on the ratio.
  public internal(set) var clipped = 0
  /// The largest |log π − log π_old|; on fresh samples it is rounding.
  public internal(set) var largestLogRatio = 0.0
  var entropies = 0.0
  var penalties = 0.0
  var ratios = 0.0

  /// Creates the statistics of no tokens.
  public init() {}

  /// The share of tokens that were clipped.
  public var clipShare: Double { mean(Double(clipped)) }
  /// The mean entropy of the policy at the tokens, in nats.
  public var entropy: Double { mean(entropies) }
  /// The mean of k3, an estimate of KL(π ‖ π_ref); zero without a reference.
  public var divergence: Double { mean(penalties) }
  /// The mean of π / π_old.
  public var ratio: Double { mean(ratios) }

  private func mean(_ sum: Double) -> Double { tokens == 0 ? 0 : sum / Double(tokens) }

  /// Adds what another part of the update saw.
  public mutating func add(_ other: PolicyStatistics) {
    tokens += other.tokens
    clipped += other.clipped
    largestLogRatio = max(largestLogRatio, other.largestLogRatio)
    entropies += other.entropies
    penalties += other.penalties
    ratios += other.ratios
  }
}
