/// A scale that is a power of two, in eight bits of exponent and nothing else: UE8M0.
///
///     value = 2^(code - 127),   code 255 is NaN
///
/// There is no sign, no zero and no infinity. To multiply by such a scale moves an exponent and
/// rounds nothing, so numbers can be grouped anew without a further error (V3, §3.3.3).
public struct PowerOfTwoScale: Sendable, Hashable {
  /// The eight bits.
  public let code: UInt8

  /// Takes a code as it is stored.
  public init(code: UInt8) { self.code = code }

  // snippet.rounding-up
  /// Takes the smallest power of two that is not less than a number, by its bits.
  ///
  /// One more than the exponent field where any bit of the fraction is set. A logarithm in
  /// floating point may come out as 2.0000001 for the number 4, and the scale twice too large.
  /// Results stay within 2⁻¹²⁶ and 2¹²⁷, the normal numbers of single precision; the sign is
  /// ignored.
  public init(roundingUp number: Float) {
    guard !number.isNaN else {
      code = 255
      return
    }
    let hasFraction: UInt = number.significandBitPattern == 0 ? 0 : 1
    code = UInt8(min(max(number.exponentBitPattern + hasFraction, 1), 254))
  }
  // snippet.end

  /// The number that the scale multiplies by.
  public var value: Float {
    switch code {
    case 0: 0x1p-127
    case 255: .nan
    default: Float(bitPattern: UInt32(code) << 23)
    }
  }
}
