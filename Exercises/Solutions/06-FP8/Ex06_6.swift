/// The answer to exercise 6.6.
///
/// Why this way: every number here is a whole multiple of 2⁻¹⁸ and below 2⁴⁰, so `Double` adds
/// exactly and only the two cuts lose anything. The exponent of a product is that of its factors;
/// 1.875 · 1.875 is 3.5, but keeps the exponent 0. The sum takes part in the search for E: that is
/// why small products vanish beside a large sum.
public func tensorCore(
  _ a: [Float], _ b: [Float], promotingEvery interval: Int?
) throws -> Float {
  Core().sum(a, b, interval)
}

/// The rule, and what mutants change of it.
private struct Core {
  var rounding = FloatingPointRoundingRule.towardZero
  var alignsTheSum = true
  var renormalises = false
  var knowsSubnormals = true
  var cutsTheSum = true
  var startsAnew = true

  func sum(_ a: [Float], _ b: [Float], _ interval: Int?) -> Float {
    var (promoted, sum): (Float, Double) = (0, 0)
    for start in stride(from: 0, to: a.count, by: 32) {
      let terms = (start..<start + 32).map { (a[$0], b[$0]) }
      sum = step(terms, sum)
      if let interval, (start + 32).isMultiple(of: interval) {
        promoted += Float(sum)
        if startsAnew { sum = 0 }
      }
    }
    return promoted + Float(sum)
  }

  private func step(_ terms: [(Float, Float)], _ sum: Double) -> Double {
    let products = terms.filter { $0 != 0 && $1 != 0 }
    var exponents = products.map { exponent($0, $1) }
    if sum != 0, alignsTheSum { exponents.append(Int(sum.exponent)) }
    guard let largest = exponents.max() else { return sum }
    var total = alignsTheSum ? cut(sum, largest) : sum
    for (a, b) in products { total += cut(Double(a) * Double(b), largest) }
    return total == 0 || !cutsTheSum ? total : cut(total, Int(total.exponent), .towardZero)
  }

  private func exponent(_ a: Float, _ b: Float) -> Int {
    if renormalises { return Int((a * b).exponent) }
    let floor = knowsSubnormals ? -6 : -100
    return max(Int(a.exponent), floor) + max(Int(b.exponent), floor)
  }

  private func cut(
    _ x: Double, _ exponent: Int, _ rule: FloatingPointRoundingRule? = nil
  ) -> Double {
    let step = Double(sign: .plus, exponent: exponent - 13, significand: 1)
    return (x / step).rounded(rule ?? rounding) * step
  }
}

/// Wrong answers to exercise 6.6.
public enum Mutants6_6 {
  /// Rounds the terms to the nearest.
  public static func rounds(
    _ a: [Float], _ b: [Float], promotingEvery interval: Int?
  ) throws -> Float {
    Core(rounding: .toNearestOrEven).sum(a, b, interval)
  }

  /// Cuts towards minus infinity, as a shift of a signed integer does.
  public static func floors(
    _ a: [Float], _ b: [Float], promotingEvery interval: Int?
  ) throws -> Float {
    Core(rounding: .down).sum(a, b, interval)
  }

  /// Leaves the sum out of the search for the largest exponent.
  public static func leavesTheSumOut(
    _ a: [Float], _ b: [Float], promotingEvery interval: Int?
  ) throws -> Float {
    Core(alignsTheSum: false).sum(a, b, interval)
  }

  /// Takes the exponent of the product's own leading bit.
  public static func renormalises(
    _ a: [Float], _ b: [Float], promotingEvery interval: Int?
  ) throws -> Float {
    Core(renormalises: true).sum(a, b, interval)
  }

  /// Gives subnormal numbers exponents of their own.
  public static func normalisesTheSmall(
    _ a: [Float], _ b: [Float], promotingEvery interval: Int?
  ) throws -> Float {
    Core(knowsSubnormals: false).sum(a, b, interval)
  }

  /// Keeps all bits of the new sum.
  public static func keepsTheSumWhole(
    _ a: [Float], _ b: [Float], promotingEvery interval: Int?
  ) throws -> Float {
    Core(cutsTheSum: false).sum(a, b, interval)
  }

  /// Promotes the sum and does not begin anew.
  public static func countsTwice(
    _ a: [Float], _ b: [Float], promotingEvery interval: Int?
  ) throws -> Float {
    Core(startsAnew: false).sum(a, b, interval)
  }

  /// Never promotes.
  public static func neverPromotes(
    _ a: [Float], _ b: [Float], promotingEvery interval: Int?
  ) throws -> Float {
    Core().sum(a, b, nil)
  }
}
