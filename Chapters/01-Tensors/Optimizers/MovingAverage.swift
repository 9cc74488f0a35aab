/// A mean that forgets: each new value counts a little, and all older ones a little less.
///
///     s ← β s + (1 − β) x,    value = s / (1 − βⁿ)
///
/// The denominator undoes the start at zero, as in Adam, so the first value is its own average.
/// Smooths the loss of single batches, which jumps by more than a day's progress.
public struct MovingAverage: Sendable, Equatable, Codable {
  /// β, how much of the past each new value leaves.
  public let keep: Double
  private var sum = 0.0
  private var weight = 0.0

  /// Creates an average of nothing yet.
  public init(keep: Double) {
    insist(keep >= 0 && keep < 1, "MovingAverage: \(keep) must lie in 0..<1")
    self.keep = keep
  }

  /// The average; nil before the first value.
  public var value: Double? { weight > 0 ? sum / weight : nil }

  /// Takes in one more value.
  public mutating func add(_ value: Double) {
    sum = keep * sum + (1 - keep) * value
    weight = keep * weight + (1 - keep)
  }
}
