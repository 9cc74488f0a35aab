/// The printable character that stands for each of the 256 bytes in a byte-level vocabulary file.
///
/// Bytes that already print (33–126, 161–172, 174–255) stand for themselves as Latin-1. The other
/// 68 take U+0100, U+0101, … in increasing order, so a space is "Ġ" and a line feed is "Ċ".
enum ByteAlphabet {
  /// The character of every byte, by byte.
  static let characters: [Unicode.Scalar] = {
    var table: [Unicode.Scalar] = []
    var shifted: UInt32 = 0x100
    for byte in UInt8.min...UInt8.max {
      switch byte {
      case 33...126, 161...172, 174...255:
        table.append(Unicode.Scalar(byte))
      default:
        table.append(Unicode.Scalar(shifted) ?? "\u{FFFD}")
        shifted += 1
      }
    }
    return table
  }()

  /// The byte of every character up to U+0143, by code point; `nil` where there is none.
  static let bytes: [UInt8?] = {
    var table = [UInt8?](repeating: nil, count: 0x144)
    for (byte, character) in characters.enumerated() {
      table[Int(character.value)] = UInt8(byte)
    }
    return table
  }()

  /// All bytes in the order of their characters, the order in which a trained vocabulary lists them.
  static let order: [UInt8] = bytes.compactMap { $0 }

  /// Writes bytes in printable characters.
  static func spell(_ token: [UInt8]) -> String {
    var text = String.UnicodeScalarView()
    for byte in token { text.append(characters[Int(byte)]) }
    return String(text)
  }

  /// Reads bytes back from printable characters; `nil` if a character stands for no byte.
  static func read(_ text: String) -> [UInt8]? {
    var token: [UInt8] = []
    for character in text.unicodeScalars {
      guard character.value < bytes.count, let byte = bytes[Int(character.value)] else {
        return nil
      }
      token.append(byte)
    }
    return token
  }
}
