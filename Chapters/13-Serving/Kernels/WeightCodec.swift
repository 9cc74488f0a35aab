import Checkpoints
import Tensors

/// How the weights of sixteen outputs are read from memory and widened.
///
/// Sixteen rows of a matrix make a panel. In it lie, for each pair of columns, the sixteen weights
/// of the first and the sixteen of the second.
protocol WeightCodec: SendableMetatype {
  /// Whether a code becomes a number by arithmetic.
  static var widens: Bool { get }
  /// The bytes of a pair of columns.
  static var pairBytes: Int { get }
  /// The weights of a pair of columns.
  static func pair(_ place: UnsafeRawPointer) -> (first: Sixteen, second: Sixteen)
}

extension WeightCodec {
  static var widens: Bool { true }
}

/// Single precision.
enum SingleCodec: WeightCodec {
  static var widens: Bool { false }
  static var pairBytes: Int { 128 }

  @inline(__always)
  static func pair(_ place: UnsafeRawPointer) -> (first: Sixteen, second: Sixteen) {
    (
      place.loadUnaligned(as: Sixteen.self),
      place.loadUnaligned(fromByteOffset: 64, as: Sixteen.self)
    )
  }
}

/// Brain floating point.
enum BrainCodec: WeightCodec {
  static var pairBytes: Int { 64 }

  @inline(__always)
  static func pair(_ place: UnsafeRawPointer) -> (first: Sixteen, second: Sixteen) {
    (
      widened(place.loadUnaligned(as: HalfPrecision.Codes.self)),
      widened(place.loadUnaligned(fromByteOffset: 32, as: HalfPrecision.Codes.self))
    )
  }

  /// The code is the upper half of the number; lane by lane, which becomes two instructions.
  @inline(__always)
  static func widened(_ codes: HalfPrecision.Codes) -> Sixteen {
    var bits = SIMD16<UInt32>.zero
    for lane in 0..<16 { bits[lane] = UInt32(codes[lane]) &<< 16 }
    return unsafeBitCast(bits, to: Sixteen.self)
  }
}

/// E4M3; the weights of a model are numbers, so there is no code for what is none.
enum EightBitCodec: WeightCodec {
  static var pairBytes: Int { 32 }

  @inline(__always)
  static func pair(_ place: UnsafeRawPointer) -> (first: Sixteen, second: Sixteen) {
    (
      widened(place.loadUnaligned(as: Integers.Bytes.self)),
      widened(place.loadUnaligned(fromByteOffset: 16, as: Integers.Bytes.self))
    )
  }

  /// Sign, exponent and fraction move to their new places; a product corrects the exponent's bias.
  @inline(__always)
  private static func widened(_ codes: Integers.Bytes) -> Sixteen {
    let moved = (Integers.wide(codes) &<< 20) & Int32(bitPattern: 0x87F0_0000)
    return unsafeBitCast(moved, to: Sixteen.self) * 0x1p120
  }
}

/// Integers of eight bits.
enum ByteCodec: WeightCodec {
  static var pairBytes: Int { 32 }

  @inline(__always)
  static func pair(_ place: UnsafeRawPointer) -> (first: Sixteen, second: Sixteen) {
    (
      Integers.widened(place.loadUnaligned(as: Integers.Bytes.self)),
      Integers.widened(place.loadUnaligned(fromByteOffset: 16, as: Integers.Bytes.self))
    )
  }
}

/// Integers of four bits: the first column's code is the lower half of a byte.
enum NibbleCodec: WeightCodec {
  static var pairBytes: Int { 16 }

  // snippet.nibble-codec
  @inline(__always)
  static func pair(_ place: UnsafeRawPointer) -> (first: Sixteen, second: Sixteen) {
    let both = Integers.wide(place.loadUnaligned(as: Integers.Bytes.self))
    // An arithmetic shift to the right brings the sign down with the number.
    return (Integers.floats((both &<< 28) &>> 28), Integers.floats(both &>> 4))
  }
  // snippet.end
}

/// Conversions of sixteen integers, each of which the compiler turns into one instruction.
///
/// A conversion of whole vectors would be a call.
enum Integers {
  typealias Bytes = SIMD16<Int8>
  typealias Wide = SIMD16<Int32>

  @inline(__always)
  static func wide(_ bytes: Bytes) -> Wide {
    var wide = Wide.zero
    for lane in 0..<16 { wide[lane] = Int32(bytes[lane]) }
    return wide
  }

  @inline(__always)
  static func floats(_ wide: Wide) -> Sixteen {
    var floats = Sixteen.zero
    for lane in 0..<16 { floats[lane] = Float(wide[lane]) }
    return floats
  }

  @inline(__always)
  static func widened(_ bytes: Bytes) -> Sixteen { floats(wide(bytes)) }
}

/// How the scales of sixteen outputs are read.
protocol ScaleCodec: SendableMetatype {
  /// The bytes of sixteen scales.
  static var bytes: Int { get }
  /// The scales of a group of columns.
  static func read(_ place: UnsafeRawPointer) -> Sixteen
}

/// No scales: all are 1, and a product by 1 changes no bit.
enum NoScales: ScaleCodec {
  static var bytes: Int { 0 }

  @inline(__always)
  static func read(_ place: UnsafeRawPointer) -> Sixteen { Sixteen(repeating: 1) }
}

/// Scales in single precision.
enum SingleScales: ScaleCodec {
  static var bytes: Int { 64 }

  @inline(__always)
  static func read(_ place: UnsafeRawPointer) -> Sixteen {
    place.loadUnaligned(as: Sixteen.self)
  }
}

/// Scales in brain floating point.
enum BrainScales: ScaleCodec {
  static var bytes: Int { 32 }

  @inline(__always)
  static func read(_ place: UnsafeRawPointer) -> Sixteen {
    BrainCodec.widened(place.loadUnaligned(as: HalfPrecision.Codes.self))
  }
}
