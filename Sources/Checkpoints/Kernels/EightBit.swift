/// Conversion from and to the eight-bit format of weights: four bits of exponent, three of fraction.
@usableFromInline package enum EightBit {
  @usableFromInline package typealias Codes = SIMD16<UInt8>
  @usableFromInline package typealias Lanes = SIMD16<Float>
  @usableFromInline typealias Bits = SIMD16<UInt32>

  /// Widens E4M3 codes.
  ///
  /// Sign, exponent and fraction move to their new places, and one exact product by 2¹²⁰ corrects
  /// the exponent's bias, for subnormal codes too. There is no infinity; the code with all bits set
  /// but the sign would be 480, and is the only NaN.
  @inlinable @inline(__always)
  package static func widened(_ codes: Codes) -> Lanes {
    var wide = SIMD16<Int32>.zero
    // The compiler turns this into one instruction; a conversion of whole vectors would be a call.
    for lane in 0..<16 { wide[lane] = Int32(Int8(bitPattern: codes[lane])) }
    let moved = (wide &<< 20) & Int32(bitPattern: 0x87F0_0000)
    let finite = unsafeBitCast(moved, to: Lanes.self) * 0x1p120
    let magnitude = unsafeBitCast(
      unsafeBitCast(finite, to: Bits.self) & 0x7FFF_FFFF, to: Lanes.self)
    return finite.replacing(with: .nan, where: magnitude .>= 480)
  }

  /// Narrows to E4M3: to the nearest code, on a tie to the even one, and never beyond 448.
  @inlinable @inline(__always)
  package static func narrowed(_ values: Lanes) -> Codes {
    let bits = unsafeBitCast(values, to: Bits.self)
    let rounded = SmallFloat.rounded(values, fractionBits: 3, bias: 7, largest: 448)
    // A NaN was rounded like a large number, to 0x7E.
    let code = rounded | (SmallFloat.isNaN(bits) & 0x7F) | ((bits &>> 24) & 0x80)
    return Codes(truncatingIfNeeded: code)
  }
}
