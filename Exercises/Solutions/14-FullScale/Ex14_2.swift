/// The answer to exercise 14.2.
///
/// Why this way: 2 for a multiplication and an addition, times 3 for one product forward and two
/// backward. A head makes a score of a key with all of its width and adds up a value with all of its.
/// Each key serves once, so the widths are added and not multiplied.
public func trainingWork(
  weights: Int, layers: Int, heads: Int, contentWidth: Int, rotaryWidth: Int, valueWidth: Int,
  context: Int, causal: Bool
) throws -> Int {
  let all = 6 * context * layers * heads * (contentWidth + rotaryWidth + valueWidth)
  return 6 * weights + (causal ? all / 2 : all)
}

/// Wrong answers to exercise 14.2.
public enum Mutants14_2 {
  /// Counts the way forward only.
  public static func forwardOnly(
    weights: Int, layers: Int, heads: Int, contentWidth: Int, rotaryWidth: Int,
    valueWidth: Int, context: Int, causal: Bool
  ) throws -> Int {
    try trainingWork(
      weights: weights, layers: layers, heads: heads, contentWidth: contentWidth,
      rotaryWidth: rotaryWidth, valueWidth: valueWidth, context: context, causal: causal) / 3
  }

  /// Counts the whole square, whatever is asked.
  public static func alwaysSquare(
    weights: Int, layers: Int, heads: Int, contentWidth: Int, rotaryWidth: Int,
    valueWidth: Int, context: Int, causal: Bool
  ) throws -> Int {
    try trainingWork(
      weights: weights, layers: layers, heads: heads, contentWidth: contentWidth,
      rotaryWidth: rotaryWidth, valueWidth: valueWidth, context: context, causal: false)
  }

  /// Leaves the rotary part out of the scores.
  public static func forgetsRotary(
    weights: Int, layers: Int, heads: Int, contentWidth: Int, rotaryWidth: Int,
    valueWidth: Int, context: Int, causal: Bool
  ) throws -> Int {
    try trainingWork(
      weights: weights, layers: layers, heads: heads, contentWidth: contentWidth,
      rotaryWidth: 0, valueWidth: valueWidth, context: context, causal: causal)
  }

  /// Counts attention once for all heads.
  public static func forgetsHeads(
    weights: Int, layers: Int, heads: Int, contentWidth: Int, rotaryWidth: Int,
    valueWidth: Int, context: Int, causal: Bool
  ) throws -> Int {
    try trainingWork(
      weights: weights, layers: layers, heads: 1, contentWidth: contentWidth,
      rotaryWidth: rotaryWidth, valueWidth: valueWidth, context: context, causal: causal)
  }
}
