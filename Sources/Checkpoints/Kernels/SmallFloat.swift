/// The rounding that all floating-point formats of few bits share, sixteen lanes at a time.
@usableFromInline package enum SmallFloat {
  @usableFromInline package typealias Lanes = SIMD16<Float>
  @usableFromInline package typealias Bits = SIMD16<UInt32>

  /// Rounds magnitudes to codes of exponent and fraction, the sign left out.
  ///
  /// The processor's own addition rounds: beside `magic`, a power of two that is 2²³⁻ᵐ times the
  /// number's own, the last bit of a sum is worth one step of a format of m fraction bits. What the
  /// addition changes in the bits of `magic` is the number of steps. Below the smallest normal number
  /// the step stays what it is there, which is all that subnormal numbers need.
  ///
  ///     code = (exponent - smallest exponent) · 2ᵐ + |x| / step
  ///
  /// A number beyond the largest one, infinity and NaN become the largest.
  @inlinable @inline(__always)
  package static func rounded(
    _ values: Lanes, fractionBits: UInt32, bias: UInt32, largest: Float
  ) -> Bits {
    let magnitude = unsafeBitCast(values, to: Bits.self) & 0x7FFF_FFFF
    let clamped = smaller(magnitude, Bits(repeating: largest.bitPattern))
    let smallest = Bits(repeating: (128 &- bias) &<< 23)
    let exponent = larger(clamped & 0x7F80_0000, smallest)
    let shift = 23 &- fractionBits
    let magic = exponent &+ (shift &<< 23)
    let sum = unsafeBitCast(clamped, to: Lanes.self) + unsafeBitCast(magic, to: Lanes.self)
    let steps = unsafeBitCast(sum, to: Bits.self) &- magic
    return ((exponent &- smallest) &>> shift) &+ steps
  }

  /// The same for one number that is known to be at most the largest; a loop over many of them
  /// becomes instructions for many lanes.
  @inlinable @inline(__always)
  package static func rounded(_ value: Float, fractionBits: UInt32, bias: UInt32) -> UInt32 {
    let magnitude = value.bitPattern & 0x7FFF_FFFF
    let smallest = (128 &- bias) &<< 23
    let exponent = max(magnitude & 0x7F80_0000, smallest)
    let shift = 23 &- fractionBits
    let magic = exponent &+ (shift &<< 23)
    let sum = Float(bitPattern: magnitude) + Float(bitPattern: magic)
    return ((exponent &- smallest) &>> shift) &+ (sum.bitPattern &- magic)
  }

  /// All bits set in the lanes whose bits are those of a NaN.
  @inlinable @inline(__always)
  package static func isNaN(_ bits: Bits) -> Bits {
    less(Bits(repeating: 0x7F80_0000), bits & 0x7FFF_FFFF)
  }

  /// All bits set where the left number is less; both must be below 2³¹.
  @inlinable @inline(__always)
  static func less(_ left: Bits, _ right: Bits) -> Bits {
    Bits.zero &- ((left &- right) &>> 31)
  }

  @inlinable @inline(__always)
  static func smaller(_ left: Bits, _ right: Bits) -> Bits {
    right ^ ((left ^ right) & less(left, right))
  }

  @inlinable @inline(__always)
  static func larger(_ left: Bits, _ right: Bits) -> Bits {
    left ^ ((left ^ right) & less(left, right))
  }
}
