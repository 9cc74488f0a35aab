/// Reads JSON text (RFC 8259), strictly: what it accepts, every other reader accepts too.
///
/// Foundation's readers lose the order of members and hold keys equal that differ in their bytes
/// only; a vocabulary needs both.
struct JSONReader {
  private let bytes: [UInt8]
  private let file: String
  private var position = 0

  /// Deeper nesting is refused, since each level takes room on the stack.
  private static let deepest = 64

  /// Reads a whole text.
  static func read(_ bytes: [UInt8], file: String) throws(TokenizerError) -> JSONPlace {
    var reader = JSONReader(bytes: bytes, file: file)
    let value = try reader.value(depth: 0)
    reader.skipSpace()
    guard reader.position == bytes.count else { throw reader.error("text follows the value") }
    return JSONPlace(value, in: file)
  }

  private init(bytes: [UInt8], file: String) {
    self.bytes = bytes
    self.file = file
  }

  private func error(_ problem: String) -> TokenizerError {
    TokenizerError(file, at: "byte \(position)", problem)
  }

  /// The byte to be read next; `nil` at the end.
  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = current, [0x20, 0x0A, 0x0D, 0x09].contains(byte) { position += 1 }
  }

  /// Steps over a character if it comes next, after any space.
  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard current == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func value(depth: Int) throws(TokenizerError) -> JSONValue {
    guard depth < Self.deepest else {
      throw error("values are nested more than \(Self.deepest) deep")
    }
    skipSpace()
    guard let first = current else { throw error("the text ends too early") }
    switch first {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .boolean(true))
    case UInt8(ascii: "f"): return try word("false", .boolean(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    default: throw error("no value begins here")
    }
  }

  private mutating func word(
    _ word: String, _ value: JSONValue
  ) throws(TokenizerError) -> JSONValue {
    guard bytes[position...].starts(with: word.utf8) else {
      throw error("no value begins here")
    }
    position += word.utf8.count
    return value
  }

  private mutating func object(depth: Int) throws(TokenizerError) -> JSONValue {
    var members: [(String, JSONValue)] = []
    position += 1
    if take("}") { return .object(members) }
    repeat {
      skipSpace()
      guard current == UInt8(ascii: "\"") else { throw error("a key in quotes is needed") }
      let key = try string()
      guard take(":") else { throw error("a colon is needed after a key") }
      members.append((key, try value(depth: depth + 1)))
    } while take(",")
    guard take("}") else { throw error("a comma or a closing brace is needed") }
    return .object(members)
  }

  private mutating func array(depth: Int) throws(TokenizerError) -> JSONValue {
    var values: [JSONValue] = []
    position += 1
    if take("]") { return .array(values) }
    repeat { values.append(try value(depth: depth + 1)) } while take(",")
    guard take("]") else { throw error("a comma or a closing bracket is needed") }
    return .array(values)
  }

  private mutating func number() throws(TokenizerError) -> JSONValue {
    let start = position
    let parts = Set("+-.eE0123456789".utf8)
    while let byte = current, parts.contains(byte) { position += 1 }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    let digits = text.drop { $0 == "-" }
    let isPlain = digits.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
    let hasIdleZero = digits.count > 1 && digits.first == "0" && isPlain
    if !hasIdleZero {
      if let whole = Int(text), isPlain { return .integer(whole) }
      if let number = Double(text), number.isFinite { return .number(number) }
    }
    position = start
    throw error("\"\(text.prefix(20))\" is not a number")
  }

  private mutating func string() throws(TokenizerError) -> String {
    position += 1
    var text: [UInt8] = []
    while let byte = current, byte != UInt8(ascii: "\"") {
      guard byte >= 0x20 else { throw error("a control character stands in a string") }
      position += 1
      if byte == UInt8(ascii: "\\") {
        text += try escape()
      } else {
        text.append(byte)
      }
    }
    guard current != nil else { throw error("a string does not end") }
    guard let string = String(validating: text, as: UTF8.self) else {
      throw error("the string that ends here is not UTF-8")
    }
    position += 1
    return string
  }

  private mutating func escape() throws(TokenizerError) -> [UInt8] {
    guard let letter = current else { throw error("a string does not end") }
    position += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [letter]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "u"): return try unicodeEscape()
    default: throw error("no such escape in a string")
    }
  }

  /// Reads the digits of `\uXXXX`, and a second escape where the first is half of a pair.
  private mutating func unicodeEscape() throws(TokenizerError) -> [UInt8] {
    var code = try hexadecimal()
    if (0xD800...0xDBFF).contains(code), bytes[position...].starts(with: #"\u"#.utf8) {
      position += 2
      let low = try hexadecimal()
      guard (0xDC00...0xDFFF).contains(low) else { throw error("half a surrogate pair") }
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)
    }
    guard let character = Unicode.Scalar(code) else { throw error("half a surrogate pair") }
    return Array(String(character).utf8)
  }

  private mutating func hexadecimal() throws(TokenizerError) -> UInt32 {
    let digits = bytes[position...].prefix(4)
    let text = String(decoding: digits, as: UTF8.self)
    guard digits.count == 4, !text.hasPrefix("+"), !text.hasPrefix("-"),
      let code = UInt32(text, radix: 16)
    else { throw error("four hexadecimal digits are needed") }
    position += 4
    return code
  }
}
