/// The answer to exercise 6.2.
///
/// Why this way: there is one rounding, from all the bits of x. To keep the exponent at −6 or more
/// makes subnormal numbers by itself, and to add the steps to the exponent field, rather than to
/// join bits, carries 15.5 steps into the next power of two by itself. What rounds to 480 or more has
/// no code; 464 is the tie below it.
public func eightBits(_ x: Float) throws -> UInt8 {
  let sign: UInt8 = x.sign == .minus ? 0x80 : 0
  let magnitude = abs(x)
  if x.isNaN { return sign | 0x7F }
  if x == 0 { return sign }
  if magnitude > 464 { return sign | 0x7E }
  let exponent = max(Int(magnitude.exponent), -6)
  return sign | UInt8((exponent + 6) * 8 + steps(magnitude, exponent, .toNearestOrEven))
}

/// How often 2^(exponent − 3) fits into a number.
private func steps(_ x: Float, _ exponent: Int, _ rule: FloatingPointRoundingRule) -> Int {
  Int((x / Float(sign: .plus, exponent: exponent - 3, significand: 1)).rounded(rule))
}

/// Wrong answers to exercise 6.2.
public enum Mutants6_2 {
  /// Rounds a tie away from zero.
  public static func roundsAway(_ x: Float) throws -> UInt8 {
    let magnitude = abs(x)
    guard magnitude > 0, magnitude <= 464 else { return try eightBits(x) }
    let exponent = max(Int(magnitude.exponent), -6)
    let code = (exponent + 6) * 8 + steps(magnitude, exponent, .toNearestOrAwayFromZero)
    return (x < 0 ? 0x80 : 0) | UInt8(min(code, 0x7E))
  }

  /// Goes through brain floating point, which rounds once more.
  public static func roundsTwice(_ x: Float) throws -> UInt8 {
    guard x.isFinite else { return try eightBits(x) }
    let bits = x.bitPattern &+ 0x7FFF &+ ((x.bitPattern >> 16) & 1)
    return try eightBits(Float(bitPattern: bits & 0xFFFF_0000))
  }

  /// Makes a NaN of what is too large, as PyTorch does.
  public static func overflows(_ x: Float) throws -> UInt8 {
    abs(x) > 464 ? (x < 0 ? 0xFF : 0x7F) : try eightBits(x)
  }

  /// Has no subnormal numbers.
  public static func flushes(_ x: Float) throws -> UInt8 {
    abs(x) < 0x1p-6 ? (x.sign == .minus ? 0x80 : 0) : try eightBits(x)
  }

  /// Joins exponent and fraction without the carry, so that 126.24 becomes 64.
  public static func dropsTheCarry(_ x: Float) throws -> UInt8 {
    let magnitude = abs(x)
    guard magnitude >= 0x1p-6, magnitude <= 464 else { return try eightBits(x) }
    let exponent = Int(magnitude.exponent)
    let fraction = steps(magnitude, exponent, .toNearestOrEven) & 7
    return (x < 0 ? 0x80 : 0) | UInt8((exponent + 7) << 3 | fraction)
  }

  /// Loses the sign of a zero.
  public static func losesASign(_ x: Float) throws -> UInt8 { x == 0 ? 0 : try eightBits(x) }
}
