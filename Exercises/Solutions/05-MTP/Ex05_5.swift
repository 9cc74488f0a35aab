/// The answer to exercise 5.5.
///
/// Why this way: acceptance alone writes token x with min(p, q), which is too little wherever q < p.
/// The residual makes up exactly for that, and its sum is the chance of a rejection. Multiplying the
/// test by q(x) avoids a division, and 0/0 with it. Where rounding leaves nothing of the residual, the
/// laws are equal and the last token that p allows will do.
public func judge(_ x: Int, p: [Double], q: [Double], u: Double, v: Double) throws -> Int {
  if u * q[x] < p[x] { return x }
  return draw(zip(p, q).map { max(0, $0 - $1) }, v) ?? p.lastIndex { $0 > 0 } ?? 0
}

/// The smallest token for which the weights up to it exceed a share of them all.
private func draw(_ weights: [Double], _ share: Double) -> Int? {
  let sum = weights.reduce(0, +)
  var reached = 0.0
  return weights.firstIndex {
    reached += $0
    return reached > share * sum
  }
}

/// Wrong answers to exercise 5.5.
public enum Mutants5_5 {
  /// Draws the replacement from p.
  public static func resamplesFromTheModel(
    _ x: Int, p: [Double], q: [Double], u: Double, v: Double
  ) throws -> Int {
    u * q[x] < p[x] ? x : draw(p, v) ?? 0
  }

  /// Takes |p − q| for max(0, p − q).
  public static func forgetsTheMaximum(
    _ x: Int, p: [Double], q: [Double], u: Double, v: Double
  ) throws -> Int {
    u * q[x] < p[x] ? x : draw(zip(p, q).map { abs($0 - $1) }, v) ?? 0
  }

  /// Accepts by p(x) alone.
  public static func acceptsByProbability(
    _ x: Int, p: [Double], q: [Double], u: Double, v: Double
  ) throws -> Int {
    u < p[x] ? x : draw(zip(p, q).map { max(0, $0 - $1) }, v) ?? 0
  }

  /// Accepts only the model's likeliest token.
  public static func acceptsTheLikeliest(
    _ x: Int, p: [Double], q: [Double], u: Double, v: Double
  ) throws -> Int {
    p[x] == p.max() ? x : draw(zip(p, q).map { max(0, $0 - $1) }, v) ?? 0
  }

  /// Accepts by q(x) / p(x).
  public static func turnsTheRatioOver(
    _ x: Int, p: [Double], q: [Double], u: Double, v: Double
  ) throws -> Int {
    u * p[x] < q[x] ? x : draw(zip(p, q).map { max(0, $0 - $1) }, v) ?? 0
  }

  /// Draws from max(0, p − q) as if its sum were one.
  public static func forgetsTheSum(
    _ x: Int, p: [Double], q: [Double], u: Double, v: Double
  ) throws -> Int {
    if u * q[x] < p[x] { return x }
    var reached = 0.0
    return p.indices.first {
      reached += max(0, p[$0] - q[$0])
      return reached > v
    } ?? p.count - 1
  }
}
