/// A JSON value that keeps the order of its members, which a tokenizer's file depends on.
enum JSONValue: Sendable {
  case null
  case boolean(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([(String, JSONValue)])

  /// What the value is, for error messages.
  var kind: String {
    switch self {
    case .null: "null"
    case .boolean: "a boolean"
    case .integer, .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }

  /// The value as text with two spaces an indent, the layout of Hugging Face's files.
  var text: String {
    var text = ""
    write(to: &text, indent: "")
    return text
  }

  private func write(to text: inout String, indent: String) {
    switch self {
    case .null: text += "null"
    case .boolean(let value): text += value ? "true" : "false"
    case .integer(let value): text += String(value)
    case .number(let value): text += String(value)
    case .string(let value): Self.write(value, to: &text)
    case .array(let values):
      Self.write(values, between: ("[", "]"), to: &text, indent: indent) {
        $1.write(to: &$0, indent: $2)
      }
    case .object(let members):
      Self.write(members, between: ("{", "}"), to: &text, indent: indent) {
        Self.write($1.0, to: &$0)
        $0 += ": "
        $1.1.write(to: &$0, indent: $2)
      }
    }
  }

  private static func write<Element>(
    _ elements: [Element], between brackets: (String, String), to text: inout String,
    indent: String, body: (inout String, Element, String) -> Void
  ) {
    let inner = indent + "  "
    text += brackets.0
    for (index, element) in elements.enumerated() {
      text += index == 0 ? "\n" + inner : ",\n" + inner
      body(&text, element, inner)
    }
    if !elements.isEmpty { text += "\n" + indent }
    text += brackets.1
  }

  private static func write(_ string: String, to text: inout String) {
    text += "\""
    for character in string.unicodeScalars {
      switch character {
      case "\"": text += #"\""#
      case "\\": text += #"\\"#
      case "\n": text += #"\n"#
      case "\r": text += #"\r"#
      case "\t": text += #"\t"#
      case "\0"..<" ":
        let digits = String(character.value, radix: 16)
        text += #"\u"# + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(character)
      }
    }
    text += "\""
  }
}
