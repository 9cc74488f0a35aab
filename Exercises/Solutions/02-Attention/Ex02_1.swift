/// The answer to exercise 2.1.
///
/// Why this way: the query heads do not appear at all. A query is used once, by its own token, and
/// thrown away; only keys and values are looked at again. The division rounds down because half a
/// token cannot be remembered.
public func cacheMemory() throws -> (bytesPerToken: Int, tokens: Int) {
  let bytes = 2 * 8 * 128 * 40 * 2
  return (bytes, (16 << 30) / bytes)
}

/// Wrong answers to exercise 2.1.
public enum Mutants2_1 {
  /// Counts the query heads.
  public static func countsQueries() throws -> (bytesPerToken: Int, tokens: Int) {
    (819_200, 20_971)
  }

  /// Counts keys but no values.
  public static func forgetsValues() throws -> (bytesPerToken: Int, tokens: Int) {
    (81_920, 209_715)
  }

  /// Takes gigabytes for gibibytes.
  public static func takesGigabytes() throws -> (bytesPerToken: Int, tokens: Int) {
    (163_840, 97_656)
  }
}
