import Foundation
import Tensors

/// Turns text into the numbers that a model reads, and back: byte-level byte-pair encoding.
///
/// Encoding takes five steps.
/// 1. Added tokens such as `<｜User｜>` are cut out.
/// 2. What lies between is normalised (DeepSeek does nothing here).
/// 3. The pre-tokenizer cuts it into pieces, roughly words.
/// 4. Each piece becomes its UTF-8 bytes, one token each, so that no text is ever unknown.
/// 5. Neighbours are merged as learnt in training, earliest merge first.
///
/// Decoding joins the bytes of the tokens.
///
/// DeepSeek-V3 §4.1: byte-level BPE with 128 K tokens.
public struct Tokenizer: Sendable, Equatable {
  /// A change to the text before it is cut into pieces.
  enum Normalizer: Sendable { case none, composed }

  /// Everything that distinguishes one tokenizer from another.
  struct Parts: Sendable, Equatable {
    /// The tokens that bytes and merges make; added tokens are not among them.
    var vocabulary = Vocabulary()
    var merges = MergeTable()
    var added: [AddedToken] = []
    var preTokenizer = PreTokenizer.whole
    var normalizer = Normalizer.none
    /// Whether a piece that is a token takes its number without asking the merges (Llama 3).
    var ignoresMerges = false
    var settings = TokenizerSettings()
  }

  let parts: Parts
  private let addedByID: [Int: AddedToken]
  private let verbatimTokens: AddedTokenTree
  private let normalizedTokens: AddedTokenTree

  init(_ parts: Parts) {
    self.parts = parts
    addedByID = Dictionary(parts.added.map { ($0.id, $0) }) { first, _ in first }
    verbatimTokens = AddedTokenTree(parts.added.filter { !$0.isNormalized })
    normalizedTokens = AddedTokenTree(parts.added.filter(\.isNormalized))
  }

  /// Encodes a text, with the settings' begin and end tokens around it if asked for.
  ///
  /// Time is linear in the length of the text, but for a factor log n within one piece of n bytes.
  /// A byte that the vocabulary lacks is left out; no vocabulary made here lacks one.
  public func encode(_ text: String, addingSpecialTokens: Bool = false) -> [Int] {
    var ids: [Int] = []
    var merger = PieceMerger(parts.merges, byteTokens: parts.vocabulary.byteTokens)
    if addingSpecialTokens, settings.addsBegin, let beginID { ids.append(beginID) }
    encode(text, with: &merger, into: &ids)
    if addingSpecialTokens, settings.addsEnd, let endID { ids.append(endID) }
    return ids
  }

  /// How many steps the merges of a text take; tests bound it instead of a time.
  package func mergingWork(for text: String) -> Int {
    var ids: [Int] = []
    var merger = PieceMerger(parts.merges, byteTokens: parts.vocabulary.byteTokens)
    encode(text, with: &merger, into: &ids)
    return merger.work
  }

  /// Decodes tokens into text; bytes that are not UTF-8 become U+FFFD.
  ///
  /// Numbers without a token are left out, and so are special tokens if `skippingSpecial`.
  public func decode(_ ids: [Int], skippingSpecial: Bool = false) -> String {
    String(decoding: decodeBytes(ids, skippingSpecial: skippingSpecial), as: UTF8.self)
  }

  /// Decodes tokens into the bytes that they stand for.
  public func decodeBytes(_ ids: [Int], skippingSpecial: Bool = false) -> [UInt8] {
    ids.flatMap { id -> [UInt8] in
      guard let added = addedByID[id] else { return parts.vocabulary.bytes(of: id) }
      return added.isSpecial && skippingSpecial ? [] : Array(added.content.utf8)
    }
  }

  private func encode(
    _ text: String, with merger: inout PieceMerger, into ids: inout [Int]
  ) {
    let bytes = Array(text.utf8)
    for part in verbatimTokens.cut(bytes) {
      switch part {
      case .token(let id): ids.append(id)
      case .text(let range):
        let stretch = normalized(String(decoding: bytes[range], as: UTF8.self))
        encodeNormalized(stretch, with: &merger, into: &ids)
      }
    }
  }

  private func normalized(_ text: String) -> String {
    switch parts.normalizer {
    case .none: text
    case .composed: text.precomposedStringWithCanonicalMapping
    }
  }

  private func encodeNormalized(
    _ text: String, with merger: inout PieceMerger, into ids: inout [Int]
  ) {
    let bytes = Array(text.utf8)
    for part in normalizedTokens.cut(bytes) {
      switch part {
      case .token(let id): ids.append(id)
      case .text(let range):
        let stretch = String(decoding: bytes[range], as: UTF8.self)
        encodePlain(stretch, with: &merger, into: &ids)
      }
    }
  }

  /// Encodes a text in which no added token occurs.
  private func encodePlain(
    _ text: String, with merger: inout PieceMerger, into ids: inout [Int]
  ) {
    let text = ClassifiedText(parts.preTokenizer.prepared(text))
    for range in parts.preTokenizer.ranges(of: text) {
      let piece = text.bytes[range]
      if parts.ignoresMerges, let id = parts.vocabulary.id(of: piece) {
        ids.append(Int(id))
        continue
      }
      merger.merge(piece, into: &ids)
    }
  }
}

extension Tokenizer {
  /// One more than the highest number: the least number of rows that an embedding needs.
  public var vocabularySize: Int {
    max(parts.vocabulary.count, (parts.added.map(\.id).max() ?? -1) + 1)
  }

  /// The number of the token that stands for exactly this text.
  public func id(of token: String) -> Int? {
    // Compared as bytes: Swift holds "é" and "e" with a combining accent equal, a model does not.
    let bytes = Array(token.utf8)
    if let added = parts.added.first(where: { $0.content.utf8.elementsEqual(bytes) }) {
      return added.id
    }
    return parts.vocabulary.id(of: bytes).map(Int.init)
  }

  /// The text of one token, with U+FFFD for bytes that only a neighbour completes.
  public func piece(of id: Int) -> String { decode([id]) }

  /// The added tokens that are no part of the text, by increasing number.
  public var specialTokens: [AddedToken] { parts.added.filter(\.isSpecial) }

  /// The rules that cut a text into pieces.
  public var preTokenizer: PreTokenizer { parts.preTokenizer }

  /// What `tokenizer_config.json` says of the tokenizer.
  public var settings: TokenizerSettings { parts.settings }

  /// The number of the token that begins a text, if the settings name one.
  public var beginID: Int? { settings.beginToken.flatMap(id(of:)) }

  /// The number of the token that ends a text, if the settings name one.
  public var endID: Int? { settings.endToken.flatMap(id(of:)) }

  /// The same tokenizer with other settings.
  public func with(_ settings: TokenizerSettings) -> Tokenizer {
    var parts = parts
    parts.settings = settings
    return Tokenizer(parts)
  }

  /// A tokenizer whose tokens are the 256 bytes, each with its own value for a number.
  ///
  /// The special tokens follow from 256. There are no merges and nothing to train.
  public static func bytes(special: [String] = []) -> Tokenizer {
    var parts = Parts()
    parts.vocabulary = Vocabulary(bytes: Array(UInt8.min...UInt8.max), from: 0)
    parts.added = special.enumerated().map { AddedToken(id: 256 + $0, content: $1) }
    return Tokenizer(parts)
  }

  /// A tokenizer of a few characters, one token each, behind its special tokens.
  ///
  /// The special tokens come first, as DeepSeek's do: begin 0, end 1. A character that is not
  /// listed has no token and is left out of what is encoded.
  public static func characters(
    _ characters: String, special: [String], settings: TokenizerSettings = TokenizerSettings()
  ) -> Tokenizer {
    insist(
      characters.utf8.allSatisfy { $0 < 128 },
      "Tokenizer.characters: only ASCII characters are one byte each, not all of \(characters)")
    var parts = Parts()
    parts.vocabulary = Vocabulary(bytes: Array(characters.utf8), from: special.count)
    parts.added = special.enumerated().map { AddedToken(id: $0, content: $1) }
    parts.settings = settings
    return Tokenizer(parts)
  }
}
