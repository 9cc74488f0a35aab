import Checkpoints
import Tensors

/// Sixteen codes of one format: how they are made of numbers and how they lie in memory.
protocol SixteenCodes: SendableMetatype {
  /// The bits of the fraction.
  static var fractionBits: UInt32 { get }
  /// What is subtracted from the exponent field.
  static var bias: UInt32 { get }
  /// The largest number.
  static var largest: Float { get }
  /// The bytes of sixteen codes.
  static var bytes: Int { get }
  /// Whether a row may end after any code, and need not fill the sixteen.
  static var isBytewise: Bool { get }
  /// Narrows sixteen numbers and writes their codes.
  static func write(_ values: SmallFloat.Lanes, to place: UnsafeMutableRawPointer)
  /// Reads sixteen codes and widens them.
  static func read(_ place: UnsafeRawPointer) -> SmallFloat.Lanes
}

extension SixteenCodes {
  /// The bytes of a row; rows of twelve bits are filled up to sixteen codes.
  static func rowBytes(_ columns: Int) -> Int {
    isBytewise ? columns : (columns + 15) / 16 * bytes
  }

  /// The place of a column's code in its row; of twelve bits, only every sixteenth has one.
  @inline(__always)
  static func offset(of column: Int) -> Int { isBytewise ? column : column / 16 * bytes }
}

/// E4M3, a byte for each code.
enum E4M3Codes: SixteenCodes {
  static var fractionBits: UInt32 { 3 }
  static var bias: UInt32 { 7 }
  static var largest: Float { 448 }
  static var bytes: Int { 16 }
  static var isBytewise: Bool { true }

  @inline(__always)
  static func write(_ values: SmallFloat.Lanes, to place: UnsafeMutableRawPointer) {
    place.storeBytes(of: EightBit.narrowed(values), as: EightBit.Codes.self)
  }

  @inline(__always)
  static func read(_ place: UnsafeRawPointer) -> SmallFloat.Lanes {
    EightBit.widened(place.loadUnaligned(as: EightBit.Codes.self))
  }
}

/// E5M2, a byte for each code: the upper half of IEEE half precision.
enum E5M2Codes: SixteenCodes {
  static var fractionBits: UInt32 { 2 }
  static var bias: UInt32 { 15 }
  static var largest: Float { 57344 }
  static var bytes: Int { 16 }
  static var isBytewise: Bool { true }

  @inline(__always)
  static func write(_ values: SmallFloat.Lanes, to place: UnsafeMutableRawPointer) {
    let bits = unsafeBitCast(values, to: SmallFloat.Bits.self)
    let rounded = SmallFloat.rounded(
      values, fractionBits: fractionBits, bias: bias, largest: largest)
    // A NaN was rounded like a large number, to 0x7B: four more make it 0x7F, less one 0x7E.
    let code = (rounded &+ (SmallFloat.isNaN(bits) & 3)) | ((bits &>> 24) & 0x80)
    place.storeBytes(of: EightBit.Codes(truncatingIfNeeded: code), as: EightBit.Codes.self)
  }

  @inline(__always)
  static func read(_ place: UnsafeRawPointer) -> SmallFloat.Lanes {
    let codes = place.loadUnaligned(as: EightBit.Codes.self)
    return HalfPrecision.widenedHalf(HalfPrecision.Codes(truncatingIfNeeded: codes) &<< 8)
  }
}

/// E5M6, twelve bits packed: first the lower eight of sixteen codes, then the upper four of codes
/// i and i + 8 in one byte.
enum E5M6Codes: SixteenCodes {
  static var fractionBits: UInt32 { 6 }
  static var bias: UInt32 { 15 }
  static var largest: Float { 65024 }
  static var bytes: Int { 24 }
  static var isBytewise: Bool { false }

  @inline(__always)
  static func write(_ values: SmallFloat.Lanes, to place: UnsafeMutableRawPointer) {
    let bits = unsafeBitCast(values, to: SmallFloat.Bits.self)
    let rounded = SmallFloat.rounded(
      values, fractionBits: fractionBits, bias: bias, largest: largest)
    // A NaN was rounded like a large number, to 0x7BF; it becomes 0x7E0.
    let code = (rounded &+ (SmallFloat.isNaN(bits) & 0x21)) | ((bits &>> 20) & 0x800)
    let upper = code &>> 8
    let pairs = upper.lowHalf | (upper.highHalf &<< 4)
    place.storeBytes(of: EightBit.Codes(truncatingIfNeeded: code), as: EightBit.Codes.self)
    place.storeBytes(
      of: SIMD8<UInt8>(truncatingIfNeeded: pairs), toByteOffset: 16, as: SIMD8<UInt8>.self)
  }

  @inline(__always)
  static func read(_ place: UnsafeRawPointer) -> SmallFloat.Lanes {
    let lower = HalfPrecision.Codes(
      truncatingIfNeeded: place.loadUnaligned(as: EightBit.Codes.self))
    let pairs = SIMD8<UInt16>(
      truncatingIfNeeded: place.loadUnaligned(fromByteOffset: 16, as: SIMD8<UInt8>.self))
    let upper = HalfPrecision.Codes(lowHalf: pairs & 15, highHalf: pairs &>> 4)
    // Half precision has four more bits of fraction and is the same otherwise.
    return HalfPrecision.widenedHalf((lower &<< 4) | (upper &<< 12))
  }
}
