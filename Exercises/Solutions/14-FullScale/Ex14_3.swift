/// The answer to exercise 14.3.
///
/// Why this way: a token is multiplied with the experts that it visits and with no others, so only those
/// are the model's own work. A day has 86 400 seconds. And no product here leaves out zeros, so the peak
/// is the dense one, half of what the data sheet says in large print.
public func utilization(
  total: Double, visited: Double, tokensPerDay: Double, cards: Double, sparsePeak: Double
) throws -> Double {
  6 * visited * tokensPerDay / (24 * 60 * 60) / (cards * sparsePeak / 2)
}

/// Wrong answers to exercise 14.3.
public enum Mutants14_3 {
  /// Leaves all as it was.
  public static func leavesIt(
    total: Double, visited: Double, tokensPerDay: Double, cards: Double, sparsePeak: Double
  ) throws -> Double {
    6 * total * tokensPerDay / (24 * 60) / (cards * sparsePeak)
  }

  /// Counts all experts.
  public static func countsAll(
    total: Double, visited: Double, tokensPerDay: Double, cards: Double, sparsePeak: Double
  ) throws -> Double {
    6 * total * tokensPerDay / 86_400 / (cards * sparsePeak / 2)
  }

  /// Takes a minute for a second.
  public static func countsMinutes(
    total: Double, visited: Double, tokensPerDay: Double, cards: Double, sparsePeak: Double
  ) throws -> Double {
    6 * visited * tokensPerDay / 1440 / (cards * sparsePeak / 2)
  }

  /// Believes the data sheet.
  public static func believes(
    total: Double, visited: Double, tokensPerDay: Double, cards: Double, sparsePeak: Double
  ) throws -> Double {
    6 * visited * tokensPerDay / 86_400 / (cards * sparsePeak)
  }
}
