import Tensors

/// The sum of products of E4M3 numbers as an H800's tensor cores form it, bit for bit.
///
/// One instruction takes 32 products and the sum so far. It shifts all 33 to the exponent of the
/// largest, drops what then lies below 13 fraction bits, adds exactly, and drops again. Dropping
/// always goes towards zero, so a sum of positive numbers falls behind at every step, the more the
/// larger it has grown. Promotion stops that: every so many products the sum is added to a number
/// in single precision and begins anew at zero.
///
/// E4M3 numbers are whole multiples of 2⁻⁹ and their products of 2⁻¹⁸; dropping leaves multiples of
/// 2⁻¹⁸ what they are. So all is done in integers here, and a product of matrices in floats that
/// hold the same integers, eight sums at a time.
///
/// Papers: V3 §3.3.2 and §3.5.2; the hardware paper, §3.1.1. The rule of one step follows the models
/// of MMA-Sim (arXiv 2511.10909).
public struct HopperAccumulator: Sendable {
  /// The products of one instruction.
  public static let width = 32

  /// The bits behind the leading one that the shifted terms and the sum keep.
  public var fractionBits: Int
  /// The products between two promotions, a multiple of 32; nil for none.
  public var interval: Int?
  /// Whether the shifted terms are rounded to the nearest, as the hardware does not do.
  public var rounds = false

  /// Creates an accumulator; by default DeepSeek-V3's, on Hopper.
  public init(fractionBits: Int = 13, promotingEvery interval: Int? = 128) {
    insist(
      (1...30).contains(fractionBits), "HopperAccumulator: \(fractionBits) is not in 1...30")
    insist(
      interval.map { $0 > 0 && $0.isMultiple(of: Self.width) } ?? true,
      "HopperAccumulator: an interval of \(interval ?? 0) is not a multiple of \(Self.width)")
    self.fractionBits = fractionBits
    self.interval = interval
  }

  /// The result of one instruction: up to 32 products, and the sum so far.
  ///
  /// All numbers must be of E4M3, and the sum one that such instructions can leave.
  public func adding(_ a: [Float], _ b: [Float], to sum: Double = 0) -> Double {
    insist(
      a.count == b.count && a.count <= Self.width,
      "HopperAccumulator: one step takes \(Self.width) products, not \(a.count) and \(b.count)")
    let start = Int(exactly: sum / Self.unit)
    insist(start != nil, "HopperAccumulator: \(sum) is not a multiple of 2⁻¹⁸")
    let (left, right) = (a.map(Term.init), b.map(Term.init))
    return Double(step(left[...], right[...], start ?? 0)) * Self.unit
  }

  /// The product of a matrix and a transposed one, each entry summed by instructions in order.
  /// - Shape: a [m, k], b [n, k], all of E4M3 → [m, n]
  public func product(_ a: Tensor, _ b: Tensor) -> Tensor {
    insist(
      a.shape.count == 2 && b.shape.count == 2 && a.columns == b.columns,
      "HopperAccumulator: \(a.shape) × \(b.shape) transposed; the last sizes must agree")
    for matrix in [a, b] { matrix.scalars.forEach(Term.check) }
    if fractionBits <= HopperKernel.mostBits, !rounds {
      return HopperKernel(self).product(a, b)
    }
    let k = a.columns
    let (left, right) = (a.scalars.map(Term.init), b.scalars.map(Term.init))
    let rows = Threads.map(a.rows) { i in
      (0..<b.rows).map { j in
        sum(left[i * k..<(i + 1) * k], right[j * k..<(j + 1) * k])
      }
    }
    return Tensor(rows.flatMap { $0 }, shape: [a.rows, b.rows])
  }
}

extension HopperAccumulator {
  /// The worth of the last bit of a product.
  private static var unit: Double { 0x1p-18 }

  /// An E4M3 number: a multiple of 2⁻⁹, and the exponent that the tensor core gives it.
  fileprivate struct Term {
    let multiple: Int
    let exponent: Int

    /// The exponent of a zero, below that of every product.
    static let none = -100

    init(_ value: Float) {
      Self.check(value)
      // Subnormal numbers share the smallest exponent.
      exponent = value == 0 ? Self.none : max(-6, value.exponent)
      multiple = Int(value * 512)
    }

    /// Refuses what has more than three bits of fraction, or a bit below 2⁻⁹.
    static func check(_ value: Float) {
      let multiple = value * 512
      insist(
        abs(value) <= 448 && value.bitPattern & 0xF_FFFF == 0 && multiple.rounded() == multiple,
        "HopperAccumulator: \(value) is not a number of E4M3")
    }
  }

  /// One entry of a product; the last instruction may have fewer than 32 products.
  private func sum(_ a: ArraySlice<Term>, _ b: ArraySlice<Term>) -> Float {
    var promoted: Float = 0
    var partial = 0
    var (i, j, done) = (a.startIndex, b.startIndex, 0)
    while i < a.endIndex {
      let count = min(Self.width, a.endIndex - i)
      partial = step(a[i..<i + count], b[j..<j + count], partial)
      (i, j, done) = (i + count, j + count, done + count)
      if let interval, done.isMultiple(of: interval) {
        promoted += Float(Double(partial) * Self.unit)
        partial = 0
      }
    }
    return promoted + Float(Double(partial) * Self.unit)
  }

  // snippet.step
  /// One instruction, in units of 2⁻¹⁸.
  private func step(_ a: ArraySlice<Term>, _ b: ArraySlice<Term>, _ sum: Int) -> Int {
    var largest = exponent(of: sum)
    for (a, b) in zip(a, b) { largest = max(largest, a.exponent + b.exponent) }
    // A term keeps what is worth at least 2^(largest − fractionBits), which is so many units.
    let lost = largest - fractionBits + 18
    var total = aligned(sum, lost)
    for (a, b) in zip(a, b) { total += aligned(a.multiple * b.multiple, lost) }
    return truncated(total, exponent(of: total) - fractionBits + 18)
  }
  // snippet.end

  /// The exponent of a sum: that of its leading bit.
  private func exponent(of sum: Int) -> Int {
    sum == 0 ? 2 * Term.none : Int.bitWidth - 1 - sum.magnitude.leadingZeroBitCount - 18
  }

  /// Drops the lowest bits of a magnitude: towards zero.
  private func truncated(_ number: Int, _ bits: Int) -> Int {
    guard bits > 0 else { return number }
    let kept = Int(number.magnitude & (UInt.max << bits))
    return number < 0 ? -kept : kept
  }

  private func aligned(_ number: Int, _ bits: Int) -> Int {
    guard rounds, bits > 0 else { return truncated(number, bits) }
    let nearest = (Double(number) / Double(1 << bits)).rounded(.toNearestOrEven)
    return Int(nearest) << bits
  }
}
