import Foundation

/// The answer to exercise 1.4.
///
/// Why this way: both sums are brought to the larger maximum, so each factor `exp(old − new)` lies
/// between 0 and 1 and nothing overflows. If both maxima are −∞, the difference −∞ − (−∞) is NaN,
/// hence the first line. This merge is the whole secret of flash attention: chapter 2 carries one
/// more number beside the sum, the weighted mean of the values, and rescales it by the same factor.
public func merged(
  _ a: (maximum: Float, sum: Float), _ b: (maximum: Float, sum: Float)
) throws -> (maximum: Float, sum: Float) {
  let maximum = max(a.maximum, b.maximum)
  if maximum == -.infinity { return (maximum: maximum, sum: 0) }
  return (
    maximum: maximum,
    sum: a.sum * exp(a.maximum - maximum) + b.sum * exp(b.maximum - maximum)
  )
}

/// Wrong answers to exercise 1.4.
public enum Mutants1_4 {
  /// Adds sums that are measured against different maxima.
  public static func forgetsToRescale(
    _ a: (maximum: Float, sum: Float), _ b: (maximum: Float, sum: Float)
  ) throws -> (maximum: Float, sum: Float) {
    (maximum: max(a.maximum, b.maximum), sum: a.sum + b.sum)
  }

  /// Merges two summaries of nothing into NaN.
  public static func trustsInfinity(
    _ a: (maximum: Float, sum: Float), _ b: (maximum: Float, sum: Float)
  ) throws -> (maximum: Float, sum: Float) {
    let maximum = max(a.maximum, b.maximum)
    return (
      maximum: maximum,
      sum: a.sum * exp(a.maximum - maximum) + b.sum * exp(b.maximum - maximum)
    )
  }

  /// Undoes the scaling first, and overflows.
  public static func leavesTheScale(
    _ a: (maximum: Float, sum: Float), _ b: (maximum: Float, sum: Float)
  ) throws -> (maximum: Float, sum: Float) {
    let maximum = max(a.maximum, b.maximum)
    if maximum == -.infinity { return (maximum: maximum, sum: 0) }
    let sum = a.sum * exp(a.maximum) + b.sum * exp(b.maximum)
    return (maximum: maximum, sum: sum / exp(maximum))
  }
}
