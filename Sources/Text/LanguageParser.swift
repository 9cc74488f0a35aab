/// A rule of the little language that a text breaks, with the place.
public enum ProgramError: Error, Equatable, CustomStringConvertible {
  /// Something else stands where the grammar wants `expected`; `found` is nil at the end.
  case unexpected(found: UInt8?, expected: String, offset: Int)
  /// The program has more statements than the reader accepts.
  case tooLong(limit: Int)

  /// One sentence with the byte offset and the rule.
  public var description: String {
    switch self {
    case .unexpected(let found, let expected, let offset):
      let name =
        switch found {
        case .none: "the end"
        case .some(let byte) where (33..<127).contains(byte):
          "'\(Character(Unicode.Scalar(byte)))'"
        case .some(let byte): "byte \(byte)"
        }
      return "The program has \(name) at byte \(offset) where \(expected) must stand."
    case .tooLong(let limit):
      return "The program has more than \(limit) statements, the most that are read."
    }
  }
}

extension Program {
  /// The most statements that the parser accepts.
  public static let statementLimit = 256

  /// Reads a program from text that may come from anywhere, such as a model.
  ///
  /// Time and memory are bounded by the text and by `statementLimit`.
  public init(parsing text: String) throws(ProgramError) {
    var reader = ProgramReader(bytes: Array(text.utf8.prefix(6 * Self.statementLimit + 8)))
    var statements: [Statement] = []
    while reader.current != UInt8(ascii: "r") || statements.isEmpty {
      guard statements.count < Self.statementLimit else {
        throw .tooLong(limit: Self.statementLimit)
      }
      statements.append(try reader.statement())
      try reader.expect(";")
    }
    try reader.expect("r")
    let result = try reader.register()
    try reader.expectEnd()
    self.init(statements: statements, result: result)
  }
}

/// A position in the bytes of a program; each method takes what it names or throws.
private struct ProgramReader {
  let bytes: [UInt8]
  var offset = 0

  var current: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  func failure(_ expected: String) -> ProgramError {
    .unexpected(found: current, expected: expected, offset: offset)
  }

  mutating func expect(_ character: Unicode.Scalar) throws(ProgramError) {
    guard current == UInt8(ascii: character) else { throw failure("'\(character)'") }
    offset += 1
  }

  func expectEnd() throws(ProgramError) {
    guard current == nil else { throw failure("the end") }
  }

  mutating func register() throws(ProgramError) -> Program.Register {
    guard let byte = current, (97...100).contains(byte) else {
      throw failure("a register, a to d,")
    }
    offset += 1
    return Program.Register(Int(byte) - 97)
  }

  mutating func operand() throws(ProgramError) -> Program.Operand {
    guard let byte = current else { throw failure("an operand") }
    switch byte {
    case UInt8(ascii: "x"):
      offset += 1
      return .input
    case 48...57:
      offset += 1
      return .digit(Int(byte) - 48)
    case 97...100:
      return .register(try register())
    default:
      throw failure("an operand")
    }
  }

  mutating func operation() throws(ProgramError) -> Program.Operation {
    guard let byte = current,
      let operation = Program.Operation(rawValue: String(Unicode.Scalar(byte)))
    else { throw failure("one of + - * m") }
    offset += 1
    return operation
  }

  mutating func statement() throws(ProgramError) -> Program.Statement {
    let target = try register()
    try expect("=")
    let left = try operand()
    let operation = try operation()
    return Program.Statement(
      target: target, left: left, operation: operation, right: try operand())
  }
}
