/// Conversions between single precision and the two sixteen-bit formats, sixteen lanes at a time.
///
/// Codes are plain integers, because Swift's `Float16` does not exist on every platform. Narrowing
/// rounds to the nearest code and, halfway between two, to the one whose last bit is zero.
/// Choices are made by masks: the sign bit of a difference, spread over its lane.
@usableFromInline package enum HalfPrecision {
  @usableFromInline package typealias Codes = SIMD16<UInt16>
  @usableFromInline package typealias Lanes = SIMD16<Float>
  @usableFromInline typealias Bits = SIMD16<UInt32>

  /// Widens brain floating point: the code is the upper half of the single-precision bits.
  @inlinable @inline(__always)
  package static func widenedBrain(_ codes: Codes) -> Lanes {
    Lanes(bits: Bits(truncatingIfNeeded: codes) &<< 16)
  }

  /// Narrows to brain floating point.
  ///
  /// Adding 0x7FFF, and one more when the last kept bit is set, carries into the kept half exactly
  /// when the value lies above the midpoint, or on it beside an odd code.
  @inlinable @inline(__always)
  package static func narrowedBrain(_ values: Lanes) -> Codes {
    let bits = values.bits
    let isOdd = (bits &>> 16) & 1
    let rounded = (bits &+ 0x7FFF &+ isOdd) &>> 16
    let quietNaN = (bits &>> 16) | 0x0040
    let isNaN = less(Bits(repeating: 0x7F80_0000), bits & 0x7FFF_FFFF)
    return Codes(truncatingIfNeeded: choose(quietNaN, where: isNaN, else: rounded))
  }

  /// Widens IEEE half precision.
  ///
  /// Exponent and fraction move to their new places; one exact product by 2¹¹² corrects the
  /// exponent's bias, for subnormal codes too. Infinity and NaN keep their fraction and get the
  /// largest exponent: their old one is the only one that carries when one is added.
  @inlinable @inline(__always)
  package static func widenedHalf(_ codes: Codes) -> Lanes {
    let wide = Bits(truncatingIfNeeded: codes)
    let magnitude = (wide & 0x7FFF) &<< 13
    let scale = Lanes(repeating: Float(bitPattern: (127 + 112) << 23))
    let finite = (Lanes(bits: magnitude) * scale).bits
    let isSpecial = ((wide & 0x7C00) &+ 0x0400) &>> 15
    return Lanes(bits: finite | (isSpecial &* 0x7F80_0000) | ((wide & 0x8000) &<< 16))
  }

  /// Narrows to IEEE half precision.
  @inlinable @inline(__always)
  package static func narrowedHalf(_ values: Lanes) -> Codes {
    let bits = values.bits
    let magnitude = bits & 0x7FFF_FFFF

    // Normal results: change the bias from 127 to 15 and round as for brain floating point. A
    // carry out of the fraction moves into the exponent, up to infinity.
    let isOdd = (magnitude &>> 13) & 1
    let normal = (magnitude &- (112 << 23) &+ 0xFFF &+ isOdd) &>> 13

    // Subnormal results: adding 0.5 leaves a fraction whose last bit is worth 2⁻²⁴, so that the
    // processor's own addition rounds.
    let half = Lanes(repeating: 0.5)
    let subnormal = (Lanes(bits: magnitude) + half).bits &- half.bits

    // From 2¹⁶ on the carry would run past infinity; a NaN keeps what fits of its fraction.
    let quietNaN = ((magnitude &>> 13) & 0x03FF) | 0x7E00
    let isTiny = less(magnitude, Bits(repeating: 113 << 23))
    let isHuge = less(Bits(repeating: 0x477F_FFFF), magnitude)
    let isNaN = less(Bits(repeating: 0x7F80_0000), magnitude)
    var result = choose(subnormal, where: isTiny, else: normal)
    result = choose(Bits(repeating: 0x7C00), where: isHuge, else: result)
    result = choose(quietNaN, where: isNaN, else: result)
    return Codes(truncatingIfNeeded: result | ((bits &>> 16) & 0x8000))
  }

  /// All bits set where the left number is less; both must be below 2³¹.
  @inlinable @inline(__always)
  static func less(_ left: Bits, _ right: Bits) -> Bits {
    Bits.zero &- ((left &- right) &>> 31)
  }

  @inlinable @inline(__always)
  static func choose(_ chosen: Bits, where mask: Bits, else other: Bits) -> Bits {
    other ^ ((other ^ chosen) & mask)
  }
}

extension SIMD16<Float> {
  @inlinable @inline(__always)
  init(bits: SIMD16<UInt32>) { self = unsafeBitCast(bits, to: Self.self) }

  @inlinable @inline(__always)
  var bits: SIMD16<UInt32> { unsafeBitCast(self, to: SIMD16<UInt32>.self) }
}
