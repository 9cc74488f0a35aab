/// Two neighbouring tokens.
struct TokenPair: Hashable, Sendable {
  let left: Int32
  let right: Int32

  /// Mixes both numbers in one step; every merge ever tried is looked up by this hash.
  func hash(into hasher: inout Hasher) {
    hasher.combine(UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right)))
  }
}

/// The learnt merges: which two tokens become one, and which merge comes first.
struct MergeTable: Sendable, Equatable {
  /// What a pair becomes, and how early it was learnt (0 is first).
  struct Merge: Sendable, Equatable {
    let rank: Int32
    let result: Int32
  }

  /// The pairs in the order in which they were learnt.
  private(set) var pairs: [TokenPair] = []
  private var merges: [TokenPair: Merge] = [:]

  /// Adds a merge after all others; false if the pair already has one.
  mutating func append(_ pair: TokenPair, result: Int32) -> Bool {
    guard merges[pair] == nil else { return false }
    merges[pair] = Merge(rank: Int32(pairs.count), result: result)
    pairs.append(pair)
    return true
  }

  /// The merge of two neighbours, if they have one.
  subscript(left: Int32, right: Int32) -> Merge? {
    merges[TokenPair(left: left, right: right)]
  }
}
