import Tensors

/// A floating-point format, defined by its bits: one for the sign, some for the exponent, the rest
/// for the fraction.
///
///     (-1)ˢ · 2^(E - bias) · (1 + F / 2ᵐ)    for an exponent field E that is not zero
///     (-1)ˢ · 2^(1 - bias) · F / 2ᵐ          for E = 0: zero and the subnormal numbers
///
/// The conversions here follow the definition in `Double`, which holds every number of every format
/// and every tie between two of them exactly. They are slow; the kernels are tested against them.
///
/// Micikevicius et al. 2022, "FP8 Formats for Deep Learning", §3; V3, §3.3.
public struct FloatFormat: Sendable, Hashable {
  /// What becomes of a number whose rounded value lies beyond the largest one.
  public enum Overflow: Sendable {
    /// It becomes the largest number, as in the casts of graphics processors.
    case saturating
    /// It becomes an infinity, or a NaN where there is none, as in `ml_dtypes` and in the PyTorch
    /// of 2023 to 2025.
    case special
  }

  /// The bits of the exponent.
  public let exponentBits: Int
  /// The bits of the fraction: m.
  public let fractionBits: Int
  /// Whether the largest exponent is kept for infinities and NaN, as in IEEE 754.
  ///
  /// Otherwise only the codes whose bits are all set beside the sign are kept, for NaN.
  public let hasInfinity: Bool

  /// Creates a format of at most sixteen bits.
  public init(exponentBits: Int, fractionBits: Int, hasInfinity: Bool = true) {
    insist(
      (2...8).contains(exponentBits) && (1...10).contains(fractionBits)
        && exponentBits + fractionBits <= 15,
      "FloatFormat: \(exponentBits) bits of exponent and \(fractionBits) of fraction")
    self.exponentBits = exponentBits
    self.fractionBits = fractionBits
    self.hasInfinity = hasInfinity
  }

  /// Eight bits, most of them fraction: all that V3 multiplies.
  public static let e4m3 = FloatFormat(exponentBits: 4, fractionBits: 3, hasInfinity: false)
  /// Eight bits with the range of half precision.
  public static let e5m2 = FloatFormat(exponentBits: 5, fractionBits: 2)
  /// Twelve bits, in which V3 keeps the inputs of the layer behind attention.
  ///
  /// The paper names the format and no more; the bias and the special codes are those of IEEE 754.
  public static let e5m6 = FloatFormat(exponentBits: 5, fractionBits: 6)
  /// Brain floating point, the upper half of single precision.
  public static let brain = FloatFormat(exponentBits: 8, fractionBits: 7)
  /// Half precision.
  public static let half = FloatFormat(exponentBits: 5, fractionBits: 10)

  /// The bits of a code.
  public var bits: Int { 1 + exponentBits + fractionBits }
  /// What is subtracted from the exponent field.
  public var bias: Int { 1 << (exponentBits - 1) - 1 }
  /// The code of the largest finite number.
  public var largestCode: UInt16 {
    hasInfinity ? infinityCode - 1 : UInt16(1 << (bits - 1) - 2)
  }
  /// The largest finite number.
  public var largest: Double { value(of: largestCode) }
  /// The smallest positive number with all bits of fraction.
  public var smallestNormal: Double { power(1 - bias) }
  /// The smallest positive number.
  public var smallest: Double { power(1 - bias - fractionBits) }
  /// The code that a NaN gets, without its sign.
  public var nanCode: UInt16 {
    hasInfinity ? infinityCode | UInt16(1 << (fractionBits - 1)) : largestCode + 1
  }

  private var infinityCode: UInt16 { UInt16((1 << exponentBits - 1) << fractionBits) }
  private var signBit: UInt16 { UInt16(1 << (bits - 1)) }

  /// The number that a code stands for; bits beyond the code's are ignored.
  public func value(of code: UInt16) -> Double {
    let magnitude = Int(code & (signBit - 1))
    let (field, fraction) = (
      magnitude >> fractionBits, magnitude & (1 << fractionBits - 1)
    )
    let sign: Double = code & signBit == 0 ? 1 : -1
    if magnitude > Int(hasInfinity ? infinityCode : largestCode) { return .nan }
    if hasInfinity, magnitude == Int(infinityCode) { return sign * .infinity }
    let step = power(max(field, 1) - bias - fractionBits)
    let steps = field == 0 ? fraction : fraction + 1 << fractionBits
    return sign * Double(steps) * step
  }

  // snippet.code
  /// The code of the nearest number, or of two equally near the one whose last bit is zero.
  public func code(of x: Double, _ overflow: Overflow = .saturating) -> UInt16 {
    let sign = x.sign == .minus ? signBit : 0
    if x.isNaN { return sign | nanCode }
    if x == 0 { return sign }
    let beyond =
      overflow == .saturating ? largestCode : hasInfinity ? infinityCode : nanCode
    guard x.isFinite else { return sign | beyond }
    // Below the smallest normal number the steps stay as wide as they are there.
    let exponent = max(Int(x.exponent), 1 - bias)
    let steps = (abs(x) / power(exponent - fractionBits)).rounded(.toNearestOrEven)
    // Rounding up to the next power of two carries into the exponent field by itself.
    let code = (exponent - (1 - bias)) << fractionBits + Int(steps)
    return sign | (code > largestCode ? beyond : UInt16(code))
  }
  // snippet.end

  /// The codes of many numbers.
  public func codes(of numbers: [Float], _ overflow: Overflow = .saturating) -> [UInt16] {
    numbers.map { code(of: Double($0), overflow) }
  }

  /// The number that is left of one after its conversion.
  public func rounded(_ x: Double, _ overflow: Overflow = .saturating) -> Double {
    value(of: code(of: x, overflow))
  }

  private func power(_ exponent: Int) -> Double {
    Double(sign: .plus, exponent: exponent, significand: 1)
  }
}
