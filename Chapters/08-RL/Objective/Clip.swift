import Tensors

/// How far a step may move a token's probability from what it was when it was sampled.
public struct Clip: Sendable, Equatable {
  /// ε_low: a wrong answer's token is pushed down to a ratio of 1 − ε_low and no further.
  public var low: Double
  /// ε_high: a right answer's token is pushed up to a ratio of 1 + ε_high and no further.
  public var high: Double
  /// The ratio beyond which a wrong answer's token is not pushed either (verl's
  /// `clip_ratio_c`).
  public var dual: Double?

  /// Creates a window of ratios.
  public init(low: Double, high: Double, dual: Double? = nil) {
    insist(low >= 0 && high >= 0, "Clip: ε of \(low) and \(high) must not be negative")
    insist(dual ?? 2 > 1, "Clip: the dual clip \(dual ?? 0) must be above 1")
    self.low = low
    self.high = high
    self.dual = dual
  }

  /// Creates a window of equal width on both sides.
  public init(_ epsilon: Double) { self.init(low: epsilon, high: epsilon) }

  // snippet.surrogate
  /// min(ρ Â, clip(ρ) Â), with the dual clip max(that, c Â) for negative advantages.
  /// - Returns: the value, and whether it still depends on ρ.
  package func surrogate(
    _ ratio: Double, _ advantage: Double
  ) -> (value: Double, isActive: Bool) {
    if advantage > 0, ratio > 1 + high { return ((1 + high) * advantage, false) }
    if advantage < 0, ratio < 1 - low { return ((1 - low) * advantage, false) }
    if advantage < 0, let dual, ratio > dual { return (dual * advantage, false) }
    return (ratio * advantage, true)
  }
  // snippet.end
}
