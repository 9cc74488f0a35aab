import Attention
import Tensors
import Text

/// Batches for a model that is to find things: notes without hay in some rows, haystacks in
/// others, and corpus text in the rest.
///
/// Of a row with notes only the answers are targets. A haystack has few of them; a dense row has
/// nothing but notes and questions, and a target in every fourth place.
public struct NeedleSource: BatchSource {
  /// The text of the plain rows.
  public let text: [Int]
  /// Writes the haystacks.
  public let tokenizer: Tokenizer
  /// The rows of a batch.
  public let sequences: Int
  /// The tokens of a row.
  public let length: Int
  /// The share of the rows that have notes.
  public let share: Double
  /// The share of those that have no hay.
  public let dense: Double
  /// What is remembered between two batches.
  public var generator: SplitMix64
  /// The tokens of a note and of a question with its answer.
  private let told, asked: Int

  /// Creates a source.
  public init(
    text: [Int], tokenizer: Tokenizer, sequences: Int, length: Int, share: Double = 0.75,
    dense: Double = 0.5, seed: UInt64
  ) {
    insist(text.count > length, "NeedleSource: \(text.count) tokens make no row of \(length)")
    self.text = text
    self.tokenizer = tokenizer
    self.sequences = sequences
    self.length = length
    self.share = share
    self.dense = dense
    generator = SplitMix64(seed: seed)
    func longest(_ text: (Needle) -> String) -> Int {
      Needle.names.map { tokenizer.encode(text(Needle(name: $0, number: 0))).count }.max() ?? 0
    }
    told = longest { $0.sentence + " " }
    asked = longest { "\n" + $0.question + $0.answer }
  }

  /// A number made from the text and the sizes.
  public var fingerprint: UInt64 {
    let sizes = [UInt64(sequences), UInt64(length), share.bitPattern, dense.bitPattern]
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
    let bare = Int((Double(noted) * dense).rounded())
    for row in 0..<sequences {
      let (tokens, isTaught) =
        row < bare ? denseRow() : row < noted ? haystack() : window()
      let rest = [Int](repeating: 0, count: length + 1 - tokens.count)
      inputs += tokens.dropLast() + rest
      targets += zip(tokens, isTaught).dropFirst().map { $1 ? $0 : Batch.ignored }
      targets += rest.map { _ in Batch.ignored }
    }
    return Batch(inputs: inputs, targets: targets, sequences: sequences, length: length)
  }

  /// Two notes, or as many as can all be asked for, or any number between, and questions until
  /// the row is full.
  private mutating func denseRow() -> ([Int], isTaught: [Bool]) {
    let most = min((length + 1) / (told + asked), Needle.names.count)
    let count = most < 2 ? 1 : 2 + Draw.below(most - 1, using: &generator)
    return notes(count, asking: (length + 1 - count * told) / asked)
  }

  private mutating func haystack() -> ([Int], isTaught: [Bool]) {
    let count = 1 + Draw.below(needles, using: &generator)
    return notes(count, asking: count)
  }

  private mutating func notes(_ count: Int, asking asked: Int) -> ([Int], isTaught: [Bool]) {
    let haystack = Haystack(
      Needle.drawn(count, using: &generator), length: length + 1, asking: asked,
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
