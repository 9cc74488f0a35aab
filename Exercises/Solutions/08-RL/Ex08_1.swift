/// The answer to exercise 8.1.
///
/// Why this way: with c right answers of G the mean is c/G and the variance c (G − c)/G². So a right
/// one gets √((G − c)/c) and a wrong one −√(c/(G − c)). A rare success is pushed up hard, and a rare
/// failure down; both by seven answers' worth of evidence.
public func eightAnswers() throws -> [(right: Double, wrong: Double)] {
  [(2.646, -0.378), (1, -1), (0.378, -2.646)]
}

/// Wrong answers to exercise 8.1.
public enum Mutants8_1 {
  /// Divides by G − 1 in the deviation.
  public static func sampleDeviation() throws -> [(right: Double, wrong: Double)] {
    [(2.475, -0.354), (0.935, -0.935), (0.354, -2.475)]
  }

  /// Does not divide at all.
  public static func differences() throws -> [(right: Double, wrong: Double)] {
    [(0.875, -0.125), (0.5, -0.5), (0.125, -0.875)]
  }

  /// Divides by the variance.
  public static func variance() throws -> [(right: Double, wrong: Double)] {
    [(8, -1.143), (2, -2), (1.143, -8)]
  }
}
