/// Learns merges from text: again and again the most frequent pair of neighbours becomes a token.
///
/// Counting all pairs anew for each merge would read the whole text thousands of times. Instead:
/// - Equal pieces are kept once, with how often they occur.
/// - All pieces lie in one linked list of tokens, as when encoding, and every pair knows the places
///   where it may occur. A merge visits those places and corrects the counts of the neighbours.
/// - A heap holds the pairs by count. Its entries may be out of date; counts only fall between
///   entries, so an entry that is too high is put back with the true count when it comes up.
///
/// Ties go to the smaller left number, then the smaller right number, as in Hugging Face's trainer.
///
/// Sennrich, Haddow and Birch 2016, §3.2.
struct MergeTrainer {
  /// How often a pair occurs, and the places of its left tokens, some of them out of date.
  private struct Tally {
    var count = 0
    var places: [Int] = []
  }

  private(set) var vocabulary: Vocabulary
  private(set) var merges = MergeTable()
  private var tokens: [Int32] = []
  private var next: [Int] = []
  private var previous: [Int] = []
  /// How often the piece around each place occurs.
  private var weights: [Int] = []
  private var tallies: [TokenPair: Tally] = [:]
  private var queue = MinHeap()

  private static let none = -1
  private static let gone: Int32 = -1

  /// Prepares to merge tokens of a vocabulary that has all 256 bytes.
  init(_ vocabulary: Vocabulary, pieces: [(bytes: [UInt8], count: Int)]) {
    self.vocabulary = vocabulary
    for piece in pieces {
      let start = tokens.count
      for byte in piece.bytes {
        previous.append(tokens.count == start ? Self.none : tokens.count - 1)
        next.append(tokens.count + 1)
        weights.append(piece.count)
        tokens.append(vocabulary.byteTokens[Int(byte)])
      }
      if tokens.count > start { next[tokens.count - 1] = Self.none }
    }
    var seen: [TokenPair] = []
    for place in tokens.indices where next[place] != Self.none {
      let pair = TokenPair(left: tokens[place], right: tokens[next[place]])
      if tallies[pair] == nil { seen.append(pair) }
      add(weights[place], to: pair, at: place)
    }
    for pair in seen { enqueue(pair) }
  }

  /// Learns merges until the vocabulary has `size` tokens or nothing is left to merge.
  mutating func learn(until size: Int) {
    while vocabulary.count < size, let pair = mostFrequentPair() { merge(pair) }
  }

  /// The pair to merge next, with an up-to-date count.
  private mutating func mostFrequentPair() -> TokenPair? {
    while let key = queue.pop() {
      let pair = TokenPair(
        left: Int32(truncatingIfNeeded: key >> 32), right: Int32(truncatingIfNeeded: key))
      let queuedCount = Int.max - Int(truncatingIfNeeded: key >> 64)
      let count = tallies[pair]?.count ?? 0
      if count == queuedCount { return pair }
      enqueue(pair)
    }
    return nil
  }

  /// Queues a pair so that a higher count comes first, then smaller numbers.
  private mutating func enqueue(_ pair: TokenPair) {
    guard let count = tallies[pair]?.count, count > 0 else { return }
    let key = UInt128(Int.max - count) << 64 | UInt128(pair.left) << 32 | UInt128(pair.right)
    queue.push(key)
  }

  /// Makes one token of a pair, wherever it occurs.
  private mutating func merge(_ pair: TokenPair) {
    guard let tally = tallies[pair] else { return }
    let token = merged(pair)
    var made: [TokenPair] = []
    // From left to right, so that of "aaa" the first two letters merge, as they will in encoding.
    for place in tally.places.sorted() where stands(pair, at: place) {
      let absorbed = next[place]
      let before = previous[place]
      let after = next[absorbed]
      let weight = weights[place]
      if before != Self.none {
        tallies[TokenPair(left: tokens[before], right: pair.left)]?.count -= weight
        made.append(TokenPair(left: tokens[before], right: token))
        add(weight, to: made[made.count - 1], at: before)
      }
      if after != Self.none {
        tallies[TokenPair(left: pair.right, right: tokens[after])]?.count -= weight
        made.append(TokenPair(left: token, right: tokens[after]))
        add(weight, to: made[made.count - 1], at: place)
        previous[after] = place
      }
      tokens[place] = token
      tokens[absorbed] = Self.gone
      next[place] = after
    }
    tallies[pair] = nil
    var queued: Set<TokenPair> = []
    for pair in made where queued.insert(pair).inserted { enqueue(pair) }
  }

  /// Whether the pair still stands where it once was seen.
  private func stands(_ pair: TokenPair, at place: Int) -> Bool {
    tokens[place] == pair.left && next[place] != Self.none && tokens[next[place]] == pair.right
  }

  /// The token that a pair becomes; a new one unless another pair already spells it.
  private mutating func merged(_ pair: TokenPair) -> Int32 {
    let spelling =
      vocabulary.bytes(of: Int(pair.left)) + vocabulary.bytes(of: Int(pair.right))
    let token = vocabulary.id(of: spelling) ?? Int32(vocabulary.count)
    _ = vocabulary.insert(spelling, id: Int(token))
    _ = merges.append(pair, result: token)
    return token
  }

  /// Counts a pair at a place.
  private mutating func add(_ weight: Int, to pair: TokenPair, at place: Int) {
    tallies[pair, default: Tally()].count += weight
    tallies[pair, default: Tally()].places.append(place)
  }
}
