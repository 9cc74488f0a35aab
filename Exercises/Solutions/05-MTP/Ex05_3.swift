/// The answer to exercise 5.3.
///
/// Why this way: it is the equation. Dividing every depth by the same T makes a token weigh the same
/// in all of them. With windows of thousands of tokens the difference to a mean is invisible; with
/// the short windows of a test it is not. Without depths there is nothing to add, and no 0/0.
public func predictionLoss(_ losses: [[Double]], targets: Int, weight: Double) throws -> Double
{
  guard !losses.isEmpty else { return 0 }
  let sum = losses.joined().reduce(0, +)
  return weight / Double(losses.count) * sum / Double(targets)
}

/// Wrong answers to exercise 5.3.
public enum Mutants5_3 {
  /// Divides by T − k.
  public static func takesMeans(
    _ losses: [[Double]], targets: Int, weight: Double
  ) throws -> Double {
    guard !losses.isEmpty else { return 0 }
    let means = losses.enumerated().map { depth, terms in
      terms.reduce(0, +) / Double(max(targets - depth - 1, 1))
    }
    return weight / Double(losses.count) * means.reduce(0, +)
  }

  /// Gives every depth the whole weight.
  public static func forgetsDepths(
    _ losses: [[Double]], targets: Int, weight: Double
  ) throws -> Double {
    weight * losses.joined().reduce(0, +) / Double(targets)
  }

  /// Divides by zero where there is no module.
  public static func failsWithoutModules(
    _ losses: [[Double]], targets: Int, weight: Double
  ) throws -> Double {
    weight / Double(losses.count) * losses.joined().reduce(0, +) / Double(targets)
  }
}
