/// The answer to exercise 5.1.
///
/// Why this way: a round writes 1 + α tokens and takes v + c passes, so the factor is
/// 1.85 / 1.25 = 1.48, and nothing is lost while v + c ≤ 1.85. The second draft counts only when
/// the first stands: 1 + α + α² tokens.
public func draftWorth() throws -> (factor: Double, breakEven: Double, tokens: Double) {
  (1.85 / (1.10 + 0.15), 1.85 - 0.15, 1 + 0.85 + 0.85 * 0.85)
}

/// Wrong answers to exercise 5.1.
public enum Mutants5_1 {
  /// Thinks that drafts are free.
  public static func ignoresDrafts() throws -> (
    factor: Double, breakEven: Double, tokens: Double
  ) {
    (1.85 / 1.10, 1.85, 2.5725)
  }

  /// Counts the drafts and not the token that the model adds.
  public static func forgetsTheFreeToken() throws -> (
    factor: Double, breakEven: Double, tokens: Double
  ) {
    (0.85 / 1.25, 0.70, 1.5725)
  }

  /// Accepts the second draft whether the first stands or not.
  public static func countsIndependently() throws -> (
    factor: Double, breakEven: Double, tokens: Double
  ) {
    (1.48, 1.70, 2.70)
  }
}
