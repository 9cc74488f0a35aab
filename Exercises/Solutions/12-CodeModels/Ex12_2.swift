/// The answer to exercise 12.2.
///
/// Why this way: the transform is a permutation with three marks in it, so there is a way back, and a
/// test can go there and back for every pair of cuts. The way back is strict. A document that contained
/// a mark of its own, or a model that writes a second hole, would else be put together wrongly and
/// in silence.
public func rearranged(_ document: [Int], middle: Range<Int>) throws -> [Int] {
  [-1] + document[..<middle.lowerBound] + [-2] + document[middle.upperBound...] + [-3]
    + document[middle]
}

/// The second function of exercise 12.2.
public func reassembled(_ tokens: [Int]) throws -> [Int]? {
  let marks = tokens.indices.filter { tokens[$0] < 0 }
  guard marks.map({ tokens[$0] }) == [-1, -2, -3], marks[0] == 0 else { return nil }
  let suffix = tokens[(marks[1] + 1)..<marks[2]]
  return Array(tokens[1..<marks[1]]) + tokens[(marks[2] + 1)...] + suffix
}

/// Wrong answers to exercise 12.2.
public enum Mutants12_2 {
  /// Tells the parts in their own order.
  public static func keepsTheOrder(_ document: [Int], middle: Range<Int>) throws -> [Int] {
    [-1] + document[..<middle.lowerBound] + [-2] + document[middle] + [-3]
      + document[middle.upperBound...]
  }

  /// Begins with the suffix (SPM).
  public static func suffixFirst(_ document: [Int], middle: Range<Int>) throws -> [Int] {
    [-1] + document[middle.upperBound...] + [-2] + document[..<middle.lowerBound] + [-3]
      + document[middle]
  }

  /// Leaves the first character of the suffix to the middle.
  public static func closedRange(_ document: [Int], middle: Range<Int>) throws -> [Int] {
    let end = min(middle.upperBound + 1, document.count)
    return [-1] + document[..<middle.lowerBound] + [-2] + document[end...] + [-3]
      + document[middle.lowerBound..<end]
  }

  /// Joins the parts as they come.
  public static func joinsAsTheyCome(_ tokens: [Int]) throws -> [Int]? {
    try reassembled(tokens).map { _ in tokens.filter { $0 >= 0 } }
  }

  /// Takes the first of several marks.
  public static func takesTheFirst(_ tokens: [Int]) throws -> [Int]? {
    guard tokens.first == -1, let hole = tokens.firstIndex(of: -2),
      let end = tokens.firstIndex(of: -3), hole < end
    else { return nil }
    return (tokens[1..<hole] + tokens[(end + 1)...] + tokens[(hole + 1)..<end]).filter {
      $0 >= 0
    }
  }

  /// Lets something stand in front of the first mark.
  public static func startsAnywhere(_ tokens: [Int]) throws -> [Int]? {
    guard let begin = tokens.firstIndex(of: -1) else { return nil }
    return try reassembled(Array(tokens[begin...]))
  }
}
