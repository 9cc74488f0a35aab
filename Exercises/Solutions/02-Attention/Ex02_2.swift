/// The answer to exercise 2.2.
///
/// Why this way: the pairs must stay together and keep their frequencies. Pair i was rows 2i and
/// 2i + 1; it becomes rows i and i + width / 2. So the first half of the new order lists the even
/// rows and the second half the odd ones. Queries and keys move alike, so every product of the two
/// is the same sum in another order. Values are not rotated and stay where they are.
public func halfSplitOrder(width: Int) throws -> [Int] {
  let evens = stride(from: 0, to: width, by: 2)
  return Array(evens) + evens.map { $0 + 1 }
}

/// Wrong answers to exercise 2.2.
public enum Mutants2_2 {
  /// Leaves the rows where they are.
  public static func staysPut(width: Int) throws -> [Int] { Array(0..<width) }

  /// Goes the other way: from half-split to interleaved.
  public static func goesBack(width: Int) throws -> [Int] {
    (0..<width).map { $0 / 2 + $0 % 2 * (width / 2) }
  }

  /// Keeps the pairs but reverses their frequencies.
  public static func reversesPairs(width: Int) throws -> [Int] {
    let evens = stride(from: width - 2, through: 0, by: -2)
    return Array(evens) + evens.map { $0 + 1 }
  }
}
