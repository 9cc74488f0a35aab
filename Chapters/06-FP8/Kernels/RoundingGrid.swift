import Tensors

/// Rounding to the numbers of a format of few bits, for loops that need no codes.
///
/// The result has the bits that encoding and decoding would give, except that −0 becomes +0.
struct RoundingGrid: Sendable {
  /// The largest number of the format; what is rounded must not lie beyond it.
  let largest: Float
  private let smallestNormal: Lanes
  private let factor: Lanes

  init(_ format: FloatFormat) {
    largest = Float(format.largest)
    smallestNormal = Lanes(repeating: Float(format.smallestNormal))
    factor = Lanes(repeating: 1.5 * Float(1 << (23 - format.fractionBits)))
  }

  // snippet.rounded
  /// Rounds to the nearest number of the format, on a tie to the even one.
  ///
  /// Beside 1.5 · 2²³⁻ᵐ times the number's power of two, a sum has room for m bits of fraction:
  /// the addition rounds to them and the subtraction takes the rest away. Below the smallest
  /// normal number the steps stay as wide as they are there.
  @inline(__always)
  func rounded(_ x: Lanes) -> Lanes {
    let exponent = unsafeBitCast(x, to: SIMD8<UInt32>.self) & 0x7F80_0000
    let magic = larger(unsafeBitCast(exponent, to: Lanes.self), smallestNormal) * factor
    return (x + magic) - magic
  }
  // snippet.end
}

/// Rounding to the numbers of BF16, which stay 32 bits wide.
enum RoundingToBrain {
  /// Rounds to eight significant bits, on a tie to the even number.
  @inline(__always)
  static func rounded<Vector: SIMD<Float>>(_ x: Vector) -> Vector
  where Vector.MaskStorage.Scalar == Int32 {
    let bits = unsafeBitCast(x, to: Vector.MaskStorage.self)
    let sum = (bits &+ 0x7FFF &+ ((bits &>> 16) & 1)) & ~0xFFFF
    // A NaN must not be counted up to the next number, which is zero.
    return unsafeBitCast(sum, to: Vector.self).replacing(with: x, where: x .!= x)
  }

  /// Rounds one number.
  @inline(__always)
  static func rounded(_ x: Float) -> Float { rounded(Lanes(repeating: x))[0] }
}

/// The magnitudes of eight numbers.
@inline(__always)
func magnitude(_ x: Lanes) -> Lanes {
  unsafeBitCast(unsafeBitCast(x, to: SIMD8<UInt32>.self) & 0x7FFF_FFFF, to: Lanes.self)
}
