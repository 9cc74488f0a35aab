extension Tokenizer {
  /// Learns a tokenizer from texts.
  ///
  /// The numbers run: special tokens in the order given, the 256 bytes in the order of their
  /// printable characters (so "!" comes first), then one token for each merge as it was learnt. The
  /// same texts always give the same tokenizer, the one that Hugging Face's `BpeTrainer` gives.
  /// Where the texts run out of pairs, the vocabulary stays smaller than asked for.
  ///
  /// - Throws: `TokenizerError` if the special tokens and the bytes alone exceed the size, or if a
  ///   special token is empty or given twice.
  public static func trained(
    on texts: some Sequence<String>, vocabularySize: Int, specialTokens: [String] = [],
    preTokenizer: PreTokenizer = .deepSeekV3
  ) throws(TokenizerError) -> Tokenizer {
    let added = specialTokens.enumerated().map { AddedToken(id: $0, content: $1) }
    let place = "training"
    guard added.count + 256 <= vocabularySize, vocabularySize <= Vocabulary.limit else {
      let rule = "must lie between \(added.count + 256) and \(Vocabulary.limit)"
      throw TokenizerError(place, "the vocabulary size \(vocabularySize) \(rule)")
    }
    for (index, token) in specialTokens.enumerated() {
      let bytes = Array(token.utf8)
      guard !bytes.isEmpty else { throw TokenizerError(place, "a special token is empty") }
      if specialTokens[..<index].contains(where: { Array($0.utf8) == bytes }) {
        throw TokenizerError(place, "the special token \"\(token)\" is given twice")
      }
    }

    var pieces = PieceCounter(preTokenizer, skipping: AddedTokenTree(added))
    for text in texts { pieces.count(text) }
    let alphabet = Vocabulary(bytes: ByteAlphabet.order, from: added.count)
    var trainer = MergeTrainer(alphabet, pieces: pieces.counts)
    trainer.learn(until: vocabularySize)

    var parts = Parts()
    parts.vocabulary = trainer.vocabulary
    parts.merges = trainer.merges
    parts.added = added
    parts.preTokenizer = preTokenizer
    return Tokenizer(parts)
  }
}

/// Counts the different pieces of texts, in the order in which they first occur.
private struct PieceCounter {
  private(set) var counts: [(bytes: [UInt8], count: Int)] = []
  private var places: [ArraySlice<UInt8>: Int] = [:]
  private let preTokenizer: PreTokenizer
  private let specialTokens: AddedTokenTree

  init(_ preTokenizer: PreTokenizer, skipping specialTokens: AddedTokenTree) {
    self.preTokenizer = preTokenizer
    self.specialTokens = specialTokens
  }

  mutating func count(_ text: String) {
    let bytes = Array(text.utf8)
    for part in specialTokens.cut(bytes) {
      guard case .text(let range) = part else { continue }
      count(pieceOf: preTokenizer.prepared(String(decoding: bytes[range], as: UTF8.self)))
    }
  }

  private mutating func count(pieceOf text: String) {
    let text = ClassifiedText(text)
    for range in preTokenizer.ranges(of: text) {
      let piece = text.bytes[range]
      if let place = places[piece] {
        counts[place].count += 1
      } else {
        places[piece] = counts.count
        counts.append((Array(piece), 1))
      }
    }
  }
}
