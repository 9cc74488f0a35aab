import Attention
import Tensors
import Text

/// Batches for a model that is to find things: lists of facts in some rows, haystacks in others,
/// and corpus text in the rest.
///
/// Of a haystack only the answers are targets. They are few, and to find them takes two layers,
/// neither of which is of use without the other: one in which a number looks at the name before
/// it, one in which a name looks for its like. A list teaches both. It tells few facts again and
/// again, "A5 A K7 K A5 A": the second name makes the number look back at once, and every
/// number that was told before is a target.
public struct NeedleSource: BatchSource {
  /// The text of the plain rows.
  public let text: [Int]
  /// Writes the haystacks.
  public let tokenizer: Tokenizer
  /// The rows of a batch.
  public let sequences: Int
  /// The tokens of a row.
  public let length: Int
  /// The share of the rows that have facts.
  public let share: Double
  /// The share of those that are lists.
  public let lists: Double
  /// What is remembered between two batches.
  public var generator: SplitMix64

  /// Creates a source.
  public init(
    text: [Int], tokenizer: Tokenizer, sequences: Int, length: Int, share: Double = 0.75,
    lists: Double = 0.5, seed: UInt64
  ) {
    insist(text.count > length, "NeedleSource: \(text.count) tokens make no row of \(length)")
    self.text = text
    self.tokenizer = tokenizer
    self.sequences = sequences
    self.length = length
    self.share = share
    self.lists = lists
    generator = SplitMix64(seed: seed)
  }

  /// A number made from the text and the sizes.
  public var fingerprint: UInt64 {
    let sizes = [UInt64(sequences), UInt64(length), share.bitPattern, lists.bitPattern]
    return .fingerprint(sizes + text.map(UInt64.init))
  }

  /// The most facts that are hidden in a haystack, each of which is asked for once.
  ///
  /// Six in 128 tokens, one for each name in 2048: few answers must count among many tokens.
  public var needles: Int { min(max(6, length / 20), Needle.names.count) }

  /// Draws a batch.
  public mutating func next() -> Batch {
    var (inputs, targets): ([Int], [Int]) = ([], [])
    let noted = Int((Double(sequences) * share).rounded())
    let listed = Int((Double(noted) * lists).rounded())
    for row in 0..<sequences {
      let (tokens, isTaught) =
        row < listed ? list() : row < noted ? haystack() : window()
      let rest = [Int](repeating: 0, count: length + 1 - tokens.count)
      inputs += tokens.dropLast() + rest
      targets += zip(tokens, isTaught).dropFirst().map { $1 ? $0 : Batch.ignored }
      targets += rest.map { _ in Batch.ignored }
    }
    return Batch(inputs: inputs, targets: targets, sequences: sequences, length: length)
  }

  /// Two to four facts without words, again and again until the row is full.
  private mutating func list() -> ([Int], isTaught: [Bool]) {
    let facts = Needle.drawn(2 + Draw.below(3, using: &generator), using: &generator)
    var (tokens, isTaught): ([Int], [Bool]) = ([], [])
    var told: Set<String> = []
    while tokens.count <= length {
      let fact = facts[Draw.below(facts.count, using: &generator)]
      let (name, number) = (tokenizer.encode(" " + fact.name), tokenizer.encode(fact.answer))
      let isNew = told.insert(fact.name).inserted
      tokens += name + number + name
      isTaught += name.map { _ in false } + number.map { _ in !isNew } + name.map { _ in true }
    }
    return (Array(tokens.prefix(length + 1)), Array(isTaught.prefix(length + 1)))
  }

  /// Any number of notes in hay, each of which is asked for once.
  private mutating func haystack() -> ([Int], isTaught: [Bool]) {
    let count = 1 + Draw.below(needles, using: &generator)
    let haystack = Haystack(
      Needle.drawn(count, using: &generator), length: length + 1, asking: count,
      tokenizer: tokenizer, using: &generator)
    var isTaught = [Bool](repeating: false, count: haystack.tokens.count)
    for answer in haystack.answers {
      for place in answer.tokens.indices { isTaught[answer.place + place] = true }
    }
    return (haystack.tokens, isTaught)
  }

  private mutating func window() -> ([Int], isTaught: [Bool]) {
    let start = Draw.below(text.count - length, using: &generator)
    return (Array(text[start...start + length]), [Bool](repeating: true, count: length + 1))
  }
}
