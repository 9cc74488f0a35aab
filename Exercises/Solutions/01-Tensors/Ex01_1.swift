/// The answer to exercise 1.1.
///
/// Why this way: a multiplication and an addition count as *two* operations although the processor
/// fuses them into one instruction. The rate is then comparable between machines with and without
/// fused multiply-adds, and every figure in this book, ours and published, counts so.
public func productWork() throws -> (operations: Int, gigaflops: Double) {
  let operations = 2 * 64 * 128 * 256
  return (operations, Double(operations) / 0.0001 / 1e9)
}

/// Wrong answers to exercise 1.1.
public enum Mutants1_1 {
  /// Counts a fused multiply-add once.
  public static func countsPairs() throws -> (operations: Int, gigaflops: Double) {
    (64 * 128 * 256, 20.97152)
  }

  /// Takes milliseconds for seconds.
  public static func mistakesUnits() throws -> (operations: Int, gigaflops: Double) {
    (4_194_304, 4_194_304 / 0.1 / 1e9)
  }
}
