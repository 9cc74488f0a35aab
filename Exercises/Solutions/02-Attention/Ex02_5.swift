/// The answer to exercise 2.5.
///
/// Why this way: the order of the merges is the grammar. A merge learnt late was learnt on text in
/// which all earlier merges had been done, so it must meet them done here too. That is why neither
/// the longest part wins nor the leftmost pair. This search costs a pass over the piece for every
/// merge, quadratic in its length; `PieceMerger` in `Sources/Text` keeps the candidates in a heap and
/// the parts in a linked list instead.
public func mergedParts(
  of word: String, merges: [(left: String, right: String)]
) throws -> [String] {
  var parts = word.map { String($0) }
  while true {
    var best: (rank: Int, place: Int)?
    for place in parts.indices.dropLast() {
      let rank = merges.firstIndex { $0.left == parts[place] && $0.right == parts[place + 1] }
      guard let rank, rank < best?.rank ?? .max else { continue }
      best = (rank, place)
    }
    guard let best else { return parts }
    parts[best.place] += parts.remove(at: best.place + 1)
  }
}

/// Wrong answers to exercise 2.5.
public enum Mutants2_5 {
  /// Takes the longest part of the vocabulary that fits, from the left.
  public static func takesLongest(
    _ word: String, _ merges: [(left: String, right: String)]
  ) throws -> [String] {
    let known = merges.map { $0.left + $0.right }
    var (rest, parts) = (word[...], [String]())
    while let first = rest.first {
      let fitting = known.filter { rest.hasPrefix($0) }.max { $0.count < $1.count }
      let part = fitting ?? String(first)
      parts.append(part)
      rest = rest.dropFirst(part.count)
    }
    return parts
  }

  /// Takes the leftmost pair that has any merge.
  public static func takesLeftmost(
    _ word: String, _ merges: [(left: String, right: String)]
  ) throws -> [String] {
    var parts = word.map { String($0) }
    while let place = parts.indices.dropLast().first(where: { place in
      merges.contains { $0.left == parts[place] && $0.right == parts[place + 1] }
    }) {
      parts[place] += parts.remove(at: place + 1)
    }
    return parts
  }

  /// Goes through the list once and never comes back.
  public static func stopsEarly(
    _ word: String, _ merges: [(left: String, right: String)]
  ) throws -> [String] {
    var parts = word.map { String($0) }
    for merge in merges {
      let place = parts.indices.dropLast().first {
        parts[$0] == merge.left && parts[$0 + 1] == merge.right
      }
      if let place { parts[place] += parts.remove(at: place + 1) }
    }
    return parts
  }
}
