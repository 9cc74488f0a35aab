/// The answer to exercise 6.1.
///
/// Why this way: from 8 to 16 two bits of fraction make steps of 2, so 9 lies in the middle of 8 and
/// 10; the codes of 8 end in 00 and of 10 in 01, and 8 is even. 1.375 lies between 1.25 (01) and
/// 1.5 (10). Below 2⁻¹⁴ the steps stay 2⁻¹⁶: 0.00006 is 3.93 of them, and four make the smallest
/// normal number. 2⁻¹⁷ is half a step, and zero is even. 70000 is too large.
public func remains() throws -> [Double] { [8, 1.5, 0x1p-14, 0, 57344] }

/// Wrong answers to exercise 6.1.
public enum Mutants6_1 {
  /// Rounds a tie away from zero.
  public static func roundsAway() throws -> [Double] { [10, 1.5, 0x1p-14, 0x1p-16, 57344] }

  /// Has no subnormal numbers.
  public static func flushes() throws -> [Double] { [8, 1.5, 0, 0, 57344] }

  /// Lets a number overflow, as PyTorch does.
  public static func overflows() throws -> [Double] { [8, 1.5, 0x1p-14, 0, .infinity] }

  /// Drops the bits that do not fit.
  public static func truncates() throws -> [Double] { [8, 1.25, 3 * 0x1p-16, 0, 57344] }

  /// Counts three bits of fraction, as E4M3 has them.
  public static func takesTheOther() throws -> [Double] {
    [9, 1.375, 8 * 0x1p-17, 0x1p-17, 57344]
  }
}
