/// Conversions between single precision and the two sixteen-bit formats, sixteen lanes at a time.
///
/// Codes are plain integers, because Swift's `Float16` does not exist on every platform. Narrowing
/// rounds to the nearest code and, halfway between two, to the one whose last bit is zero.
package enum HalfPrecision {
  package typealias Codes = SIMD16<UInt16>
  package typealias Lanes = SIMD16<Float>
  private typealias Bits = SIMD16<UInt32>

  /// Widens brain floating point: the code is the upper half of the single-precision bits.
  @inline(__always)
  package static func widenedBrain(_ codes: Codes) -> Lanes {
    Lanes(bits: Bits(truncatingIfNeeded: codes) &<< 16)
  }

  /// Narrows to brain floating point.
  ///
  /// Adding 0x7FFF, and one more when the last kept bit is set, carries into the kept half exactly
  /// when the value lies above the midpoint, or on it beside an odd code.
  @inline(__always)
  package static func narrowedBrain(_ values: Lanes) -> Codes {
    let bits = values.bits
    let isOdd = (bits &>> 16) & 1
    let rounded = (bits &+ 0x7FFF &+ isOdd) &>> 16
    let quietNaN = (bits &>> 16) | 0x0040
    let isNaN = (bits & 0x7FFF_FFFF) .> 0x7F80_0000
    return Codes(truncatingIfNeeded: rounded.replacing(with: quietNaN, where: isNaN))
  }

  /// Widens IEEE half precision.
  ///
  /// Exponent and fraction move to their new places; one exact product by 2¹¹² corrects the
  /// exponent's bias, for subnormal codes too. Infinity and NaN get the largest exponent.
  @inline(__always)
  package static func widenedHalf(_ codes: Codes) -> Lanes {
    let wide = Bits(truncatingIfNeeded: codes)
    let magnitude = (wide & 0x7FFF) &<< 13
    let scale = Float(bitPattern: (127 + 112) << 23)
    let finite = (Lanes(bits: magnitude) * scale).bits
    let isSpecial = (wide & 0x7C00) .== 0x7C00
    let result = finite.replacing(with: magnitude | 0x7F80_0000, where: isSpecial)
    return Lanes(bits: result | ((wide & 0x8000) &<< 16))
  }

  /// Narrows to IEEE half precision.
  @inline(__always)
  package static func narrowedHalf(_ values: Lanes) -> Codes {
    let bits = values.bits
    let magnitude = bits & 0x7FFF_FFFF

    // Normal results: change the bias from 127 to 15 and round as for brain floating point. A
    // carry out of the fraction moves into the exponent, up to infinity.
    let isOdd = (magnitude &>> 13) & 1
    let normal = (magnitude &- (112 << 23) &+ 0xFFF &+ isOdd) &>> 13

    // Subnormal results: adding 0.5 leaves a fraction whose last bit is worth 2⁻²⁴, so that the
    // processor's own addition rounds.
    let half = Bits(repeating: Float(0.5).bitPattern)
    let subnormal = (Lanes(bits: magnitude) + 0.5).bits &- half

    // From 65520 on the nearest code is infinity.
    let quietNaN = ((magnitude &>> 13) & 0x03FF) | 0x7E00
    var result = normal.replacing(with: subnormal, where: magnitude .< (113 << 23))
    result.replace(with: 0x7C00, where: magnitude .>= 0x4780_0000)
    result.replace(with: quietNaN, where: magnitude .> 0x7F80_0000)
    return Codes(truncatingIfNeeded: result | ((bits &>> 16) & 0x8000))
  }
}

extension SIMD16<Float> {
  @inline(__always)
  fileprivate init(bits: SIMD16<UInt32>) { self = unsafeBitCast(bits, to: Self.self) }

  @inline(__always)
  fileprivate var bits: SIMD16<UInt32> { unsafeBitCast(self, to: SIMD16<UInt32>.self) }
}
