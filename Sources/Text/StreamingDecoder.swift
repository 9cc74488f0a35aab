/// Decodes tokens as a model produces them, never printing half a character.
///
/// One character may take up to four bytes, and a token may end within it. Such a beginning is kept
/// back until the next tokens complete it or make it invalid. However the tokens arrive, the texts
/// that `append` and `finish` return, joined, are what `Tokenizer.decode` makes of all of them.
public struct StreamingDecoder: Sendable {
  private let tokenizer: Tokenizer
  private let skipsSpecial: Bool
  private var pending: [UInt8] = []

  /// Prepares to decode.
  public init(_ tokenizer: Tokenizer, skippingSpecial: Bool = false) {
    self.tokenizer = tokenizer
    skipsSpecial = skippingSpecial
  }

  /// Takes a token and returns the text that has become certain.
  public mutating func append(_ id: Int) -> String {
    pending += tokenizer.decodeBytes([id], skippingSpecial: skipsSpecial)
    let kept = Self.unfinishedSuffix(of: pending)
    let text = String(decoding: pending.dropLast(kept), as: UTF8.self)
    pending = pending.suffix(kept)
    return text
  }

  /// Ends the text; a character that never became whole is U+FFFD.
  public mutating func finish() -> String {
    defer { pending = [] }
    return String(decoding: pending, as: UTF8.self)
  }

  /// How many bytes at the end are a character's valid beginning, 0 to 3.
  private static func unfinishedSuffix(of bytes: [UInt8]) -> Int {
    for length in 1...3 where length <= bytes.count {
      let first = bytes[bytes.count - length]
      if first & 0b1100_0000 == 0b1000_0000 { continue }  // the character began further left
      let isUnfinished =
        length < expectedLength(first)
        && (length == 1 || secondBytes(after: first).contains(bytes[bytes.count - length + 1]))
      return isUnfinished ? length : 0
    }
    return 0
  }

  /// The number of bytes of a character, by its first byte; 1 also for bytes that begin none.
  private static func expectedLength(_ first: UInt8) -> Int {
    switch first {
    case 0xC2...0xDF: 2
    case 0xE0...0xEF: 3
    case 0xF0...0xF4: 4
    default: 1
    }
  }

  /// The second bytes that UTF-8 allows after a first one.
  ///
  /// The exceptions shut out spellings longer than need be, surrogates, and all beyond U+10FFFF.
  private static func secondBytes(after first: UInt8) -> ClosedRange<UInt8> {
    switch first {
    case 0xE0: 0xA0...0xBF
    case 0xED: 0x80...0x9F
    case 0xF0: 0x90...0xBF
    case 0xF4: 0x80...0x8F
    default: 0x80...0xBF
    }
  }
}
