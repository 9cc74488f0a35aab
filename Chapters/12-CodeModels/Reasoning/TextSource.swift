import Attention
import Tensors
import Text

/// Batches of about equally many tokens, whatever the length of their texts.
///
/// Runs on texts of different lengths are compared at equal tokens read, so it is tokens that
/// fill a batch and not rows; the last text may go over. Every text is new: only the generator is
/// remembered.
public protocol TextSource: BatchSource {
  /// The tokens after which a batch is full.
  var budget: Int { get }
  /// The token that fills up rows.
  var padding: Int { get }
  /// Draws a text.
  mutating func text() -> ScoredText
}

extension TextSource {
  /// Draws texts until the batch is full.
  public mutating func next() -> Batch { Batch(texts(), padding: padding) }

  // snippet.budget
  /// The texts of a batch.
  mutating func texts() -> [ScoredText] {
    var texts: [ScoredText] = []
    var count = 0
    while count < budget {
      texts.append(text())
      count += texts[texts.count - 1].tokens.count
    }
    return texts
  }
  // snippet.end

  /// The tokens, and the targets among them, of so many batches that are still to come.
  public func census(batches: Int) -> (tokens: Int, targets: Int) {
    var copy = self
    var census = (tokens: 0, targets: 0)
    for _ in 0..<batches {
      for text in copy.texts() {
        census.tokens += text.tokens.count
        census.targets += text.isScored.dropFirst().count { $0 }
      }
    }
    return census
  }
}

extension String {
  /// The bytes as numbers, for fingerprints.
  var numbers: [UInt64] { utf8.map(UInt64.init) }
}
