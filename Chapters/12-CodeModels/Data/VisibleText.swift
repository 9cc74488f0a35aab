/// What a reader of an HTML page sees: the text outside tags, comments, scripts and styles.
///
/// Runs of white space count as one. Time is linear in the length of the page, whatever it holds;
/// a tag, comment or script without an end hides the rest.
public struct VisibleText: Sendable, Equatable {
  /// The text, trimmed.
  public let text: String

  /// The number of its characters (Unicode scalars).
  public var characters: Int { text.unicodeScalars.count }

  /// Reads a page.
  public init(ofHTML page: String) {
    let bytes = Array(page.utf8)
    var shown: [UInt8] = []
    var place = 0
    var hidden: [UInt8]?
    while place < bytes.count {
      guard bytes[place] == UInt8(ascii: "<") else {
        if hidden == nil { Self.append(bytes[place], to: &shown) }
        place += 1
        continue
      }
      if let name = hidden {
        // Within a script even `<` is text; only its own end tag counts.
        guard Self.word(in: bytes, at: place + 1) == [UInt8(ascii: "/")] + name else {
          place += 1
          continue
        }
        hidden = nil
      } else if bytes[place...].starts(with: Array("<!--".utf8)) {
        place = Self.end(of: "-->", in: bytes, from: place + 4)
        continue
      } else {
        let name = Self.word(in: bytes, at: place + 1)
        if ["script", "style"].contains(String(decoding: name, as: UTF8.self)) {
          hidden = name
        }
      }
      place = Self.end(of: ">", in: bytes, from: place + 1)
      Self.append(UInt8(ascii: " "), to: &shown)
    }
    if shown.last == UInt8(ascii: " ") { shown.removeLast() }
    text = String(decoding: shown, as: UTF8.self)
  }

  /// Appends a byte; white space only behind something else.
  private static func append(_ byte: UInt8, to shown: inout [UInt8]) {
    let isSpace = [9, 10, 12, 13, 32].contains(byte)
    if !isSpace {
      shown.append(byte)
    } else if let last = shown.last, last != UInt8(ascii: " ") {
      shown.append(UInt8(ascii: " "))
    }
  }

  /// The name of a tag in small letters, with the stroke of an end tag.
  private static func word(in bytes: [UInt8], at start: Int) -> [UInt8] {
    var word: [UInt8] = []
    for byte in bytes[min(start, bytes.count)...].prefix(16) {
      let small = byte | 0x20
      if byte == UInt8(ascii: "/"), word.isEmpty {
        word.append(byte)
      } else if (97...122).contains(small) {
        word.append(small)
      } else {
        break
      }
    }
    return word
  }

  /// The place behind the next occurrence of a mark.
  private static func end(of mark: String, in bytes: [UInt8], from start: Int) -> Int {
    let mark = Array(mark.utf8)
    var place = start
    while place < bytes.count {
      if bytes[place] == mark[0], bytes[place...].starts(with: mark) {
        return place + mark.count
      }
      place += 1
    }
    return bytes.count
  }
}
