/// The answer to exercise 1.2.
///
/// Why this way: write `n = x / r` for the normalised row and `g = w ∘ ȳ` for what reaches it. Moving
/// `xⱼ` changes `nⱼ` directly, by `1 / r`, and all of `n` through `r`, since `∂r/∂xⱼ = nⱼ / d` for a
/// row of `d` entries. Together `x̄ = (g − n · mean(g ∘ n)) / r`. The second term takes away the part
/// of `g` along the row itself: making the whole row longer changes nothing, so no gradient can
/// point that way (as long as ε is small beside the row).
public func normShares(
  of upstream: [Double], row: [Double], weight: [Double], epsilon: Double
) throws -> (row: [Double], weight: [Double]) {
  let count = Double(row.count)
  let root = (row.reduce(0) { $0 + $1 * $1 } / count + epsilon).squareRoot()
  let normal = row.map { $0 / root }
  let inner = zip(upstream, weight).map { $0 * $1 }
  let along = zip(inner, normal).reduce(0) { $0 + $1.0 * $1.1 } / count
  return (
    zip(inner, normal).map { ($0 - $1 * along) / root }, zip(upstream, normal).map { $0 * $1 }
  )
}

/// Wrong answers to exercise 1.2.
public enum Mutants1_2 {
  /// Takes the root for a constant.
  public static func fixesTheRoot(
    of upstream: [Double], row: [Double], weight: [Double], epsilon: Double
  ) throws -> (row: [Double], weight: [Double]) {
    let square = row.reduce(0) { $0 + $1 * $1 } / Double(row.count)
    let root = (square + epsilon).squareRoot()
    return (
      zip(upstream, weight).map { $0 * $1 / root }, zip(upstream, row).map { $0 * $1 / root }
    )
  }

  /// Forgets that the weight stands between the norm and the result.
  public static func forgetsTheWeight(
    of upstream: [Double], row: [Double], weight: [Double], epsilon: Double
  ) throws -> (row: [Double], weight: [Double]) {
    let ones = weight.map { _ in 1.0 }
    return try normShares(of: upstream, row: row, weight: ones, epsilon: epsilon)
  }

  /// Leaves ε out on the way back.
  public static func dropsEpsilon(
    of upstream: [Double], row: [Double], weight: [Double], epsilon: Double
  ) throws -> (row: [Double], weight: [Double]) {
    try normShares(of: upstream, row: row, weight: weight, epsilon: 0)
  }
}
