import Attention
import Tensors
import Text

/// Batches for a model that is to find things: corpus text in some rows, haystacks in the others.
///
/// Of a haystack only the answers are targets, and long ones hold more needles: the few answers
/// must count among so many tokens.
public struct NeedleSource: BatchSource {
  /// The text of the plain rows.
  public let text: [Int]
  /// Writes the haystacks.
  public let tokenizer: Tokenizer
  /// The rows of a batch.
  public let sequences: Int
  /// The tokens of a row.
  public let length: Int
  /// The share of the rows that are haystacks.
  public let share: Double
  /// What is remembered between two batches.
  public var generator: SplitMix64

  /// Creates a source.
  public init(
    text: [Int], tokenizer: Tokenizer, sequences: Int, length: Int, share: Double = 0.875,
    seed: UInt64
  ) {
    insist(text.count > length, "NeedleSource: \(text.count) tokens make no row of \(length)")
    self.text = text
    self.tokenizer = tokenizer
    self.sequences = sequences
    self.length = length
    self.share = share
    generator = SplitMix64(seed: seed)
  }

  /// A number made from the text and the sizes.
  public var fingerprint: UInt64 {
    let sizes = [UInt64(sequences), UInt64(length), share.bitPattern]
    return .fingerprint(sizes + text.map(UInt64.init))
  }

  /// The facts that are hidden in a row, and the questions behind it.
  ///
  /// Six in 128 tokens, sixteen in 2048.
  public var needles: Int { min(max(6, length / 64), 16) }

  /// Draws a batch.
  public mutating func next() -> Batch {
    var (inputs, targets): ([Int], [Int]) = ([], [])
    let haystacks = Int((Double(sequences) * share).rounded())
    for row in 0..<sequences {
      let (tokens, isTaught) = row < haystacks ? haystack() : window()
      let rest = [Int](repeating: 0, count: length + 1 - tokens.count)
      inputs += tokens.dropLast() + rest
      targets += zip(tokens, isTaught).dropFirst().map { $1 ? $0 : Batch.ignored }
      targets += rest.map { _ in Batch.ignored }
    }
    return Batch(inputs: inputs, targets: targets, sequences: sequences, length: length)
  }

  private mutating func haystack() -> ([Int], isTaught: [Bool]) {
    let haystack = Haystack(
      Needle.drawn(needles, using: &generator), length: length + 1, asking: needles,
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
