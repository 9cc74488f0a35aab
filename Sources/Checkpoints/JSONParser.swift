/// Why a text is not JSON, and where.
public struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The line of the mistake, counted from one.
  public let line: Int
  /// The byte within the line, counted from one.
  public let column: Int
  /// The rule that is broken, as a clause.
  public let rule: String

  /// A sentence with place and rule.
  public var description: String { "line \(line), column \(column): \(rule)" }
}

extension JSONValue {
  /// Reads a JSON document strictly as RFC 8259 defines it, and refuses duplicate keys.
  ///
  /// Nesting deeper than 128 levels is refused, so that hostile input cannot exhaust the stack.
  public init(parsing bytes: [UInt8]) throws(JSONError) {
    var parser = JSONParser(bytes: bytes)
    self = try parser.document()
  }

  /// Reads a JSON document from a text.
  public init(parsing text: String) throws(JSONError) {
    try self.init(parsing: Array(text.utf8))
  }
}

/// A cursor over the bytes of a document; one method for each rule of the grammar.
struct JSONParser {
  static let deepestNesting = 128

  let bytes: [UInt8]
  private var position = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func document() throws(JSONError) -> JSONValue {
    let result = try value(depth: 0)
    skipSpace()
    guard position == bytes.count else { throw error("nothing may follow the document") }
    return result
  }

  // MARK: Values

  private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
    skipSpace()
    guard let byte = peek else { throw error("a value is missing at the end") }
    switch byte {
    case UInt8(ascii: "{"): return .object(try object(depth: depth + 1))
    case UInt8(ascii: "["): return .array(try array(depth: depth + 1))
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    case UInt8(ascii: "t"): return try literal("true", .bool(true))
    case UInt8(ascii: "f"): return try literal("false", .bool(false))
    case UInt8(ascii: "n"): return try literal("null", .null)
    default: throw error("a value cannot start with this character")
    }
  }

  private mutating func object(depth: Int) throws(JSONError) -> JSONObject {
    try enter(depth)
    var result = JSONObject()
    if skip(UInt8(ascii: "}")) { return result }
    repeat {
      skipSpace()
      let start = position
      guard peek == UInt8(ascii: "\"") else { throw error("a key in quotes is expected") }
      let key = try string()
      guard skip(UInt8(ascii: ":")) else { throw error("a colon must follow the key") }
      guard result.appendIfNew(try value(depth: depth), forKey: key) else {
        throw error("the key '\(key)' appears twice in one object", at: start)
      }
    } while skip(UInt8(ascii: ","))
    guard skip(UInt8(ascii: "}")) else { throw error("',' or '}' is expected") }
    return result
  }

  private mutating func array(depth: Int) throws(JSONError) -> [JSONValue] {
    try enter(depth)
    var result: [JSONValue] = []
    if skip(UInt8(ascii: "]")) { return result }
    repeat {
      result.append(try value(depth: depth))
    } while skip(UInt8(ascii: ","))
    guard skip(UInt8(ascii: "]")) else { throw error("',' or ']' is expected") }
    return result
  }

  private mutating func enter(_ depth: Int) throws(JSONError) {
    guard depth <= Self.deepestNesting else {
      throw error("values are nested deeper than \(Self.deepestNesting) levels")
    }
    position += 1
  }

  private mutating func literal(
    _ word: StaticString, _ value: JSONValue
  ) throws(JSONError) -> JSONValue {
    let letters = Array(word.description.utf8)
    guard bytes[position...].starts(with: letters) else {
      throw error("only true, false and null are words here")
    }
    position += letters.count
    return value
  }

  // MARK: Numbers

  private mutating func number() throws(JSONError) -> JSONValue {
    let start = position
    let isNegative = skipByte(UInt8(ascii: "-"))
    let firstDigit = position
    let digits = skipDigits()
    guard digits > 0 else { throw error("a digit is expected") }
    guard digits == 1 || bytes[firstDigit] != UInt8(ascii: "0") else {
      throw error("a number may not start with a zero", at: start)
    }
    var isWhole = true
    if skipByte(UInt8(ascii: ".")) {
      isWhole = false
      guard skipDigits() > 0 else { throw error("a digit must follow the point") }
    }
    if skipByte(UInt8(ascii: "e")) || skipByte(UInt8(ascii: "E")) {
      isWhole = false
      if !skipByte(UInt8(ascii: "+")) { _ = skipByte(UInt8(ascii: "-")) }
      guard skipDigits() > 0 else { throw error("a digit is expected in the exponent") }
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isWhole, let integer = Int(text), !(isNegative && integer == 0) {
      return .integer(integer)
    }
    guard let number = Double(text), number.isFinite else {
      throw error("the number is too large", at: start)
    }
    return .number(number)
  }

  private mutating func skipDigits() -> Int {
    let start = position
    while let byte = peek, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
      position += 1
    }
    return position - start
  }

  // MARK: Strings

  private mutating func string() throws(JSONError) -> String {
    let start = position
    position += 1
    var decoded: [UInt8] = []
    while true {
      let run = position
      while let byte = peek, byte >= 0x20, byte != UInt8(ascii: "\""),
        byte != UInt8(ascii: "\\")
      {
        position += 1
      }
      decoded.append(contentsOf: bytes[run..<position])
      guard let byte = peek else { throw error("the string has no end", at: start) }
      position += 1
      if byte == UInt8(ascii: "\"") { break }
      guard byte == UInt8(ascii: "\\") else {
        throw error("a control character must be escaped", at: position - 1)
      }
      decoded.append(contentsOf: String(try escape()).utf8)
    }
    guard let text = String(validating: decoded, as: UTF8.self) else {
      throw error("the string is not valid UTF-8", at: start)
    }
    return text
  }

  private mutating func escape() throws(JSONError) -> Unicode.Scalar {
    let start = position - 1
    guard let byte = peek else { throw error("the string has no end", at: start) }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try unicodeEscape(start: start)
    default: throw error("no such escape exists", at: start)
    }
  }

  /// Reads `XXXX` of `\uXXXX`, and the second half when the first is a high surrogate.
  private mutating func unicodeEscape(start: Int) throws(JSONError) -> Unicode.Scalar {
    var code = try fourHexDigits()
    if (0xD800..<0xDC00).contains(code) {
      guard skipByte(UInt8(ascii: "\\")), skipByte(UInt8(ascii: "u")) else {
        throw error("half of a surrogate pair is missing", at: start)
      }
      let low = try fourHexDigits()
      guard (0xDC00..<0xE000).contains(low) else {
        throw error("half of a surrogate pair is missing", at: start)
      }
      code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
    }
    guard let scalar = Unicode.Scalar(code) else {
      throw error("half of a surrogate pair is missing", at: start)
    }
    return scalar
  }

  private mutating func fourHexDigits() throws(JSONError) -> UInt32 {
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw error("four hexadecimal digits are expected")
      }
      code = code << 4 + UInt32(digit)
      position += 1
    }
    return code
  }

  // MARK: The cursor

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipByte(_ byte: UInt8) -> Bool {
    guard peek == byte else { return false }
    position += 1
    return true
  }

  private mutating func skip(_ byte: UInt8) -> Bool {
    skipSpace()
    return skipByte(byte)
  }

  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      position += 1
    }
  }

  private func error(_ rule: String, at place: Int? = nil) -> JSONError {
    let before = bytes[..<min(place ?? position, bytes.count)]
    let newline = UInt8(ascii: "\n")
    let lineStart = before.lastIndex(of: newline).map { $0 + 1 } ?? 0
    let line = before.count { $0 == newline } + 1
    return JSONError(line: line, column: before.count - lineStart + 1, rule: rule)
  }
}
