import Foundation
import Tensors

/// Text to learn from and other text to be examined on.
public struct Corpus: Sendable {
  /// The text that trains.
  public let training: String
  /// The text that validates; no part of the training text.
  public let validation: String
  /// The entropy of the source, where it is known: for the built-in corpus.
  ///
  /// Its `natsPerByte` is the floor under the loss curve. It is the mean loss of a reader who knows the grammar,
  /// remembers everything and sees where documents begin; no model's loss on fresh text can be
  /// lower in expectation. A model whose window cuts documents sees less and must stay above.
  public let entropy: EntropyRate?

  /// Generates the built-in corpus: whole documents until each part has at least so many bytes.
  ///
  /// The two parts come from two branches of the seed, so neither size changes the other part.
  public static func builtIn(
    bytes: Int = 2_000_000, validationBytes: Int = 100_000, seed: UInt64 = 0
  ) -> Corpus {
    let root = SplitMix64(seed: seed)
    return Corpus(
      training: text(bytes: bytes, generator: root.branch(1)),
      validation: text(bytes: validationBytes, generator: root.branch(2)),
      entropy: DocumentSource.rate)
  }

  /// Draws one document, to look at.
  public static func sampleDocument(seed: UInt64) -> Document {
    var generator = SplitMix64(seed: seed)
    return DocumentSource.document(using: &generator)
  }

  private static func text(bytes: Int, generator: SplitMix64) -> String {
    var generator = generator
    var text = ""
    while text.utf8.count < bytes {
      text += DocumentSource.document(using: &generator).text
    }
    return text
  }
}
