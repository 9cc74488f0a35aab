/// The answer to exercise 7.1.
///
/// Why this way: every rank works 8 · (1 + 2) = 24. GPipe and 1F1B add (4 − 1)(1 + 2) = 9, ZB1P
/// adds (4 − 1)(1 + 2 − 2 · 1) = 3, DualPipe (4/2 − 1)(3 + 2 − 3 · 1) = 2. GPipe keeps all eight
/// chunks until the first comes back; 1F1B and ZB1P as many as there are ranks; DualPipe one more.
public func stepsOfFour() throws -> (times: [Double], kept: [Int]) {
  ([33, 33, 27, 26], [8, 4, 4, 5])
}

/// Wrong answers to exercise 7.1.
public enum Mutants7_1 {
  /// Lets 1F1B shorten the bubble; it only keeps less.
  public static func savesTime() throws -> (times: [Double], kept: [Int]) {
    ([33, 30, 27, 26], [8, 4, 4, 5])
  }

  /// Takes 1F1B's memory for GPipe's.
  public static func keepsLittle() throws -> (times: [Double], kept: [Int]) {
    ([33, 33, 27, 26], [4, 4, 4, 5])
  }

  /// Forgets that B in the table is the whole backward pass.
  public static func halvesBackward() throws -> (times: [Double], kept: [Int]) {
    ([22, 22, 16, 18], [8, 4, 4, 5])
  }

  /// Takes the bubble of all ranks for DualPipe's half.
  public static func countsAllRanks() throws -> (times: [Double], kept: [Int]) {
    ([33, 33, 27, 30], [8, 4, 4, 5])
  }
}
