import Foundation
import Tensors
import Text

/// The documents that train and those that are held out, after copies were thrown away.
public struct PretrainingText: Sendable {
  /// How many documents there were, and what became of them.
  public struct Tally: Sendable, Equatable, Codable {
    /// Those drawn to train.
    public var drawn = 0
    /// Copies of an earlier one.
    public var copies = 0
    /// Near copies of an earlier one.
    public var nearCopies = 0
    /// Copies and near copies of a document that is held out.
    public var heldOut = 0
    /// Those that are left to train.
    public var kept: Int { drawn - copies - nearCopies - heldOut }

    /// Counts nothing yet.
    public init() {}
  }

  /// The documents that train.
  public let training: [String]
  /// The documents that examine.
  public let heldOut: [String]
  /// What became of the documents.
  public let tally: Tally
  /// The entropy of the source in nats per byte, where it is known.
  public let floor: Double?
  /// −log of the probability of the held-out documents, in nats per byte: the floor for this sample.
  public let heldOutSurprise: Double?

  /// The bytes of the built-in corpus that are held out; the documents are those of `Corpus.builtIn`.
  public static let heldOutBytes = 100_000

  /// The first documents that train, enough to learn a tokenizer from.
  public var sample: [String] {
    var bytes = 0
    return Array(
      training.prefix { text in
        defer { bytes += text.utf8.count }
        return bytes < 2_000_000
      })
  }

  /// Documents of the built-in corpus.
  public static func builtIn(
    bytes: Int, rule: Deduplicator.Rule? = Deduplicator.Rule(), seed: UInt64 = 0
  ) -> PretrainingText {
    let root = SplitMix64(seed: seed)
    var generator = root.branch(2)
    var (heldOut, bits, length): ([String], Double, Int) = ([], 0, 0)
    while length < heldOutBytes {
      let document = DocumentSource.document(using: &generator)
      heldOut.append(document.text)
      bits += document.bits
      length += document.text.utf8.count
    }
    let drawn = DataMixture.builtIn.draw(bytes: bytes, using: root.branch(1)).map(\.text)
    return PretrainingText(
      drawn: drawn, heldOut: heldOut, rule: rule, floor: DocumentSource.rate.natsPerByte,
      heldOutSurprise: bits * log(2) / Double(length))
  }

  /// Documents of files, of which the last tenth of each is held out.
  ///
  /// A file of fewer than ten documents is cut where nine tenths of its characters end, else it is
  /// cut between two documents.
  public static func files(
    _ files: [URL], rule: Deduplicator.Rule? = Deduplicator.Rule()
  ) throws(CorpusError) -> PretrainingText {
    var (drawn, heldOut): ([String], [String]) = ([], [])
    for file in files {
      let corpus = try Corpus.load(contentsOf: file)
      let documents = DocumentFile.documents(of: corpus.training + corpus.validation)
      if documents.count < 10 {
        drawn += DocumentFile.documents(of: corpus.training)
        heldOut += DocumentFile.documents(of: corpus.validation)
      } else {
        drawn += documents.dropLast(documents.count / 10)
        heldOut += documents.suffix(documents.count / 10)
      }
    }
    return PretrainingText(
      drawn: drawn, heldOut: heldOut, rule: rule, floor: nil, heldOutSurprise: nil)
  }

  /// Throws away the copies, those of held-out documents first.
  public init(
    drawn: [String], heldOut: [String], rule: Deduplicator.Rule?, floor: Double?,
    heldOutSurprise: Double?
  ) {
    var tally = Tally()
    tally.drawn = drawn.count
    self.heldOut = heldOut
    self.floor = floor
    self.heldOutSurprise = heldOutSurprise
    guard let rule else {
      training = drawn
      self.tally = tally
      return
    }
    var deduplicator = Deduplicator(rule)
    for document in heldOut { _ = deduplicator.examine(document) }
    training = drawn.filter { text in
      switch deduplicator.examine(text) {
      case .new: return true
      case .copy(let earlier) where earlier < heldOut.count,
        .nearCopy(let earlier, _) where earlier < heldOut.count:
        tally.heldOut += 1
      case .copy: tally.copies += 1
      case .nearCopy: tally.nearCopies += 1
      }
      return false
    }
    self.tally = tally
  }
}
