/// Applies the merges to one piece after another: byte-pair encoding itself.
///
/// The rule: of all neighbouring pairs that have a merge, merge the one learnt first (the leftmost
/// of equals), and repeat until no pair has a merge. Searching the piece anew after each merge would
/// take a time quadratic in its length. Instead the tokens form a linked list, in which a merge
/// touches only its two neighbours, and a heap holds the candidates in the order (rank, place). A
/// piece of n bytes pushes fewer than 3n candidates, each costing O(log n).
struct PieceMerger {
  private let merges: MergeTable
  private let byteTokens: [Int32]
  private var tokens: [Int32] = []
  private var next: [Int] = []
  private var previous: [Int] = []
  private var candidates = MinHeap()

  /// What stands in `next` and `previous` where the piece ends.
  private static let none = -1
  /// What stands in `tokens` where a token has been merged into the one on its left.
  private static let gone: Int32 = -1

  /// Prepares to apply merges to the tokens of single bytes, given by byte.
  init(_ merges: MergeTable, byteTokens: [Int32]) {
    self.merges = merges
    self.byteTokens = byteTokens
  }

  /// The steps taken so far by the heap.
  var work: Int { candidates.moves }

  /// Makes each byte of a piece a token, merges them, and appends what is left to `ids`.
  mutating func merge(_ piece: ArraySlice<UInt8>, into ids: inout [Int]) {
    tokens.removeAll(keepingCapacity: true)
    for byte in piece {
      let token = byteTokens[Int(byte)]
      if token != Vocabulary.missing { tokens.append(token) }
    }
    guard let last = tokens.indices.last else { return }
    next.removeAll(keepingCapacity: true)
    previous.removeAll(keepingCapacity: true)
    for place in tokens.indices {
      next.append(place == last ? Self.none : place + 1)
      previous.append(place - 1)  // before the first there is `none`
    }
    for place in 0..<last { propose(place) }

    while let candidate = candidates.pop() {
      apply(
        rank: Int32(truncatingIfNeeded: candidate >> 64),
        at: Int(UInt64(truncatingIfNeeded: candidate)))
    }

    var place = 0
    while place != Self.none {
      ids.append(Int(tokens[place]))
      place = next[place]
    }
  }

  /// Makes the token at a place and the one after it a candidate, if they have a merge.
  private mutating func propose(_ place: Int) {
    guard let merge = merges[tokens[place], tokens[next[place]]] else { return }
    candidates.push(UInt128(merge.rank) << 64 | UInt128(place))
  }

  /// Merges at a place, unless earlier merges have taken either token away.
  private mutating func apply(rank: Int32, at place: Int) {
    guard tokens[place] != Self.gone, next[place] != Self.none else { return }
    let absorbed = next[place]
    guard let merge = merges[tokens[place], tokens[absorbed]], merge.rank == rank else {
      return
    }

    tokens[place] = merge.result
    tokens[absorbed] = Self.gone
    next[place] = next[absorbed]
    if next[place] != Self.none {
      previous[next[place]] = place
      propose(place)
    }
    if previous[place] != Self.none { propose(previous[place]) }
  }
}
