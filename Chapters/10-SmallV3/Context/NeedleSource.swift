import Attention
import Tensors
import Text

/// Batches for a model that is to find things: corpus text in some rows, haystacks in the others.
///
/// Long rows hold more needles, or their few answers would not count among so many tokens.
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
    text: [Int], tokenizer: Tokenizer, sequences: Int, length: Int, share: Double = 0.5,
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
  /// Three in 128 tokens, twelve in 2048.
  public var needles: Int { Self.needles(in: length) }

  static func needles(in length: Int) -> Int { min(max(3, length / 64), 16) }

  /// Draws a batch.
  public mutating func next() -> Batch {
    var (inputs, targets): ([Int], [Int]) = ([], [])
    let haystacks = Int((Double(sequences) * share).rounded())
    for row in 0..<sequences {
      let tokens = row < haystacks ? haystack() : window()
      let rest = length + 1 - tokens.count
      inputs += tokens.dropLast() + [Int](repeating: 0, count: rest)
      targets += tokens.dropFirst() + [Int](repeating: Batch.ignored, count: rest)
    }
    return Batch(inputs: inputs, targets: targets, sequences: sequences, length: length)
  }

  private mutating func haystack() -> [Int] {
    let needles = Needle.drawn(needles, using: &generator)
    return Haystack(
      needles, length: length + 1, asking: needles.count, tokenizer: tokenizer,
      using: &generator
    ).tokens
  }

  private mutating func window() -> [Int] {
    let start = Draw.below(text.count - length, using: &generator)
    return Array(text[start...start + length])
  }
}
