/// The answer to exercise 14.1.
///
/// Why this way: (512 + 64) · 61 · 2 = 70 272 bytes, whatever the number of heads. 180 000 hours on 2048
/// cards are 87.9 hours, or 3.66 days. (256 + 32) / 144 = 2. Out and back are 3 · 32 · 9 · 7000 = 6.048
/// MB, which take 120.96 µs; two micro-batches in 61 layers make 14.76 ms, and 67.8 tokens a second.
public func fourNumbers() throws -> (bytes: Int, days: Double, experts: Int, rate: Double) {
  (70_272, 3.66, 2, 67.8)
}

/// Wrong answers to exercise 14.1.
public enum Mutants14_1 {
  /// Keeps a key and a value of every head.
  public static func keepsHeads() throws -> (
    bytes: Int, days: Double, experts: Int, rate: Double
  ) {
    (3_997_696, 3.66, 2, 67.8)
  }

  /// Forgets that a day has 24 hours.
  public static func countsHours() throws -> (
    bytes: Int, days: Double, experts: Int, rate: Double
  ) {
    (70_272, 87.9, 2, 67.8)
  }

  /// Forgets the copies.
  public static func forgetsCopies() throws -> (
    bytes: Int, days: Double, experts: Int, rate: Double
  ) {
    (70_272, 3.66, 1, 67.8)
  }

  /// Lets one micro-batch do.
  public static func sendsOnce() throws -> (
    bytes: Int, days: Double, experts: Int, rate: Double
  ) {
    (70_272, 3.66, 2, 135.5)
  }
}
