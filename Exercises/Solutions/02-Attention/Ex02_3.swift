/// The answer to exercise 2.3.
///
/// Why this way: a mask compares *places in the text*. The place of key j is j, since keys are
/// appended in order; the place of new token i is cached + i. The broken line compared a place with
/// a number of a row, and the two agree only while the cache is empty. Libraries differ here: some
/// align the mask's first row with the first key, as the broken line does, when queries are fewer
/// than keys.
public func causalMask(new: Int, cached: Int) throws -> [[Bool]] {
  (0..<new).map { row in
    (0..<cached + new).map { column in column <= cached + row }
  }
}

/// Wrong answers to exercise 2.3.
public enum Mutants2_3 {
  /// Is the code as it was found.
  public static func forgetsCache(new: Int, cached: Int) throws -> [[Bool]] {
    (0..<new).map { row in (0..<cached + new).map { $0 <= row } }
  }

  /// Hides a token from itself.
  public static func hidesItself(new: Int, cached: Int) throws -> [[Bool]] {
    (0..<new).map { row in (0..<cached + new).map { $0 < cached + row } }
  }

  /// Shows all of the piece to every token of it.
  public static func looksAhead(new: Int, cached: Int) throws -> [[Bool]] {
    (0..<new).map { _ in (0..<cached + new).map { _ in true } }
  }
}
