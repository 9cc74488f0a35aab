/// The answer to exercise 4.1.
///
/// Why this way: a SwiGLU has three matrices, and "eight" counts routed experts only; the shared one
/// is a ninth. Eleven thousand million weights are stored for each 396 million that a token meets,
/// a factor of 29. The third number is the price: 4096 tokens make 32 768 visits, which 256 experts
/// share. A batch that keeps a dense layer busy leaves each expert 128 rows, so an expert needs
/// large batches to be more than reading of weights.
public func expertLayer() throws -> (stored: Int, used: Int, rows: Int) {
  let expert = 3 * 7168 * 2048
  return (257 * expert, 9 * expert, 4096 * 8 / 256)
}

/// Wrong answers to exercise 4.1.
public enum Mutants4_1 {
  /// Counts the shared expert as one of the eight.
  public static func countsSharedAmongEight() throws -> (stored: Int, used: Int, rows: Int) {
    (11_318_329_344, 352_321_536, 128)
  }

  /// Gives an expert two matrices.
  public static func forgetsGate() throws -> (stored: Int, used: Int, rows: Int) {
    (7_545_552_896, 264_241_152, 128)
  }

  /// Sends each token to one expert.
  public static func sendsOnce() throws -> (stored: Int, used: Int, rows: Int) {
    (11_318_329_344, 396_361_728, 16)
  }
}
