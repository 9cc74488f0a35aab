/// The answer to exercise 4.4.
///
/// Why this way: f is a count. Move an affinity a little and no count changes, so f is a constant,
/// and the loss is Σᵢ fᵢ Pᵢ with fixed slopes f. A share s′ᵢ = sᵢ / S depends on every affinity of its
/// token through the sum S: ∂s′ᵢ / ∂sⱼ = (δᵢⱼ − s′ᵢ) / S. Hence s̄ⱼ = (fⱼ − Σᵢ fᵢ s′ᵢ) / (T S). Overloaded
/// experts have slopes above the token's own mean and are pushed down; the others are pushed up.
public func balanceGradients(_ affinities: [[Double]], active: Int) throws -> [[Double]] {
  let f = frequencies(affinities, active)
  return affinities.map { row in
    let sum = row.reduce(0, +)
    let mean = zip(f, row).reduce(0) { $0 + $1.0 * $1.1 / sum }
    return f.map { ($0 - mean) / (Double(affinities.count) * sum) }
  }
}

private func frequencies(_ affinities: [[Double]], _ active: Int) -> [Double] {
  let count = affinities.first?.count ?? 0
  var f = [Double](repeating: 0, count: count)
  for row in affinities {
    let order = row.indices.sorted { (row[$1], $0) < (row[$0], $1) }
    for expert in order.prefix(active) { f[expert] += 1 }
  }
  return f.map { $0 * Double(count) / Double(active * affinities.count) }
}

/// Wrong answers to exercise 4.4.
public enum Mutants4_4 {
  /// Lets the gradient through f, as if the counts were the mean shares.
  public static func differentiatesCounts(
    _ affinities: [[Double]], _ active: Int
  ) throws -> [[Double]] {
    let count = affinities.first?.count ?? 0
    let means = (0..<count).map { expert in
      affinities.reduce(0) { $0 + $1[expert] / $1.reduce(0, +) } / Double(affinities.count)
    }
    return affinities.map { row in
      let (sum, slopes) = (row.reduce(0, +), means.map { 2 * Double(count) * $0 })
      let mean = zip(slopes, row).reduce(0) { $0 + $1.0 * $1.1 / sum }
      return slopes.map { ($0 - mean) / (Double(affinities.count) * sum) }
    }
  }

  /// Forgets that a share has a denominator.
  public static func forgetsDenominator(
    _ affinities: [[Double]], _ active: Int
  ) throws -> [[Double]] {
    let f = frequencies(affinities, active)
    return affinities.map { row in
      f.map { $0 / (Double(affinities.count) * row.reduce(0, +)) }
    }
  }

  /// Counts without the factor N / K.
  public static func forgetsFactor(
    _ affinities: [[Double]], _ active: Int
  ) throws -> [[Double]] {
    let factor = Double(active) / Double(affinities.first?.count ?? 1)
    return try balanceGradients(affinities, active: active).map { row in
      row.map { $0 * factor }
    }
  }
}
