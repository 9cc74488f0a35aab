/// The answer to exercise 12.1.
///
/// Why this way: nine places make 9 · 10 / 2 = 45 pairs i ≤ j, and the nine with i = j leave nothing. A
/// middle of L characters fits in 9 − L ways, so the mean is Σ L (9 − L) / 45 = 120 / 45, a third of the
/// document. In general it is n / 3: a model that fills holes is trained on all lengths, long ones too.
public func holes() throws -> (pairs: Int, empty: Int, meanLength: Double) {
  (45, 9, 8 / 3.0)
}

/// Wrong answers to exercise 12.1.
public enum Mutants12_1 {
  /// Lets the cuts fall in front of a character only.
  public static func forgetsTheEnd() throws -> (pairs: Int, empty: Int, meanLength: Double) {
    (36, 8, 7 / 3.0)
  }

  /// Draws two cuts one after the other and sorts them.
  public static func sortsTwoDraws() throws -> (pairs: Int, empty: Int, meanLength: Double) {
    (81, 9, 240 / 81.0)
  }

  /// Takes the mean over the lengths instead of over the pairs.
  public static func meansOverLengths() throws -> (pairs: Int, empty: Int, meanLength: Double) {
    (45, 9, 4)
  }
}
