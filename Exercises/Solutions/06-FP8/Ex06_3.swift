import Foundation

/// The answer to exercise 6.3.
///
/// Why this way: the exponent field of a power of two is the code already, and any bit of fraction
/// means that the next power is needed. Nothing is rounded. A logarithm in single precision cannot
/// tell 2²⁰ from its upper neighbour: both have the logarithm 20.
public func scaleCode(_ x: Float) throws -> UInt8 {
  let hasFraction = x.bitPattern & 0x7F_FFFF != 0
  return UInt8((x.bitPattern >> 23) & 0xFF) + (hasFraction ? 1 : 0)
}

/// Wrong answers to exercise 6.3.
public enum Mutants6_3 {
  /// Rounds a logarithm up.
  public static func takesALogarithm(_ x: Float) throws -> UInt8 {
    UInt8(clamping: Int(log2(x).rounded(.up)) + 127)
  }

  /// Looks at some bits of the fraction only.
  public static func masksTooFew(_ x: Float) throws -> UInt8 {
    UInt8((x.bitPattern >> 23) & 0xFF) + (x.bitPattern & 0x4F_FFFF != 0 ? 1 : 0)
  }

  /// Takes the power of two below.
  public static func roundsDown(_ x: Float) throws -> UInt8 {
    UInt8((x.bitPattern >> 23) & 0xFF)
  }

  /// Takes the nearer power of two.
  public static func roundsToTheNearest(_ x: Float) throws -> UInt8 {
    UInt8((x.bitPattern >> 23) & 0xFF) + UInt8((x.bitPattern >> 22) & 1)
  }

  /// Doubles powers of two as well.
  public static func addsAlways(_ x: Float) throws -> UInt8 {
    UInt8((x.bitPattern >> 23) & 0xFF) &+ 1
  }
}
