/// The answer to exercise 10.2.
///
/// Why this way: everything is taken from the document, where a border cannot be crossed because nothing
/// is behind it. Whoever shifts the finished row must find the borders again, for every depth anew: the
/// last two places of a document have no second token. And whoever finds the padding by its token
/// makes holes in the documents that use the same one, the end token as a rule.
public func row(
  _ documents: [[Int]], length: Int, padding: Int, ignored: Int
) throws -> Mutants10_2.Row {
  var row: Mutants10_2.Row = ([], [], [], [], [])
  for document in documents {
    let first = row.inputs.count
    for place in document.indices {
      func ahead(_ distance: Int) -> Int {
        place + distance < document.count ? document[place + distance] : ignored
      }
      row.inputs.append(document[place])
      row.positions.append(place)
      row.starts.append(first)
      row.next.append(ahead(1))
      row.second.append(ahead(2))
    }
  }
  for place in row.inputs.count..<length {
    row.inputs.append(padding)
    row.positions.append(0)
    row.starts.append(place)
    row.next.append(ignored)
    row.second.append(ignored)
  }
  return row
}

/// Wrong answers to exercise 10.2.
public enum Mutants10_2 {
  /// What the exercise asks for.
  public typealias Row = (
    inputs: [Int], positions: [Int], starts: [Int], next: [Int], second: [Int]
  )

  /// The tokens of a row, each moved so far to the left.
  private static func moved(_ inputs: [Int], by distance: Int, ignored: Int) -> [Int] {
    inputs.dropFirst(distance) + [Int](repeating: ignored, count: min(distance, inputs.count))
  }

  /// Predicts the first token of the next document at the end of each.
  public static func predictsAcross(
    _ documents: [[Int]], length: Int, padding: Int, ignored: Int
  ) throws -> Row {
    var row = try row(documents, length: length, padding: padding, ignored: ignored)
    let used = documents.joined().count
    row.next = moved(row.inputs, by: 1, ignored: ignored).enumerated().map {
      $0 + 1 < used ? $1 : ignored
    }
    return row
  }

  /// Cuts the next token at borders, and moves what is left for the second.
  public static func looksAcross(
    _ documents: [[Int]], length: Int, padding: Int, ignored: Int
  ) throws -> Row {
    var row = try row(documents, length: length, padding: padding, ignored: ignored)
    row.second = moved(row.next, by: 1, ignored: ignored)
    return row
  }

  /// Counts positions from the start of the row.
  public static func countsOn(
    _ documents: [[Int]], length: Int, padding: Int, ignored: Int
  ) throws -> Row {
    var row = try row(documents, length: length, padding: padding, ignored: ignored)
    let used = documents.joined().count
    row.positions = row.positions.indices.map { $0 < used ? $0 : 0 }
    return row
  }

  /// Lets every place see the whole row before it.
  public static func seesAll(
    _ documents: [[Int]], length: Int, padding: Int, ignored: Int
  ) throws -> Row {
    var row = try row(documents, length: length, padding: padding, ignored: ignored)
    row.starts = row.starts.map { _ in 0 }
    return row
  }

  /// Lets the padding be one more document.
  public static func framesThePadding(
    _ documents: [[Int]], length: Int, padding: Int, ignored: Int
  ) throws -> Row {
    var row = try row(documents, length: length, padding: padding, ignored: ignored)
    let used = documents.joined().count
    for place in used..<length { row.starts[place] = used }
    return row
  }

  /// Knows the padding by its token.
  public static func knowsItByItsToken(
    _ documents: [[Int]], length: Int, padding: Int, ignored: Int
  ) throws -> Row {
    var row = try row(documents, length: length, padding: padding, ignored: ignored)
    row.next = row.next.map { $0 == padding ? ignored : $0 }
    row.second = row.second.map { $0 == padding ? ignored : $0 }
    return row
  }

  /// Teaches to fill up the row.
  public static func teachesPadding(
    _ documents: [[Int]], length: Int, padding: Int, ignored: Int
  ) throws -> Row {
    var row = try row(documents, length: length, padding: padding, ignored: ignored)
    let used = documents.joined().count
    if used > 0, used < length { row.next[used - 1] = padding }
    return row
  }
}
