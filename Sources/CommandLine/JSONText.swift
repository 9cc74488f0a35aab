/// A JSON value whose keys keep the order in which they were written.
///
/// Numbers have the fewest digits that read back as the same number; what JSON cannot say
/// (infinities, not-a-number) becomes `null`.
public enum JSONText: Sendable {
  case null
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case single(Float)
  case string(String)
  case array([JSONText])
  case object([(String, JSONText)])

  /// Makes an array of numbers.
  public static func array(_ numbers: [Float]) -> JSONText {
    .array(numbers.map(JSONText.single))
  }
  /// Makes an array of numbers.
  public static func array(_ numbers: [Double]) -> JSONText {
    .array(numbers.map(JSONText.number))
  }
  /// Makes an array of whole numbers.
  public static func array(_ numbers: [Int]) -> JSONText {
    .array(numbers.map(JSONText.integer))
  }

  /// The value on one line.
  public var line: String {
    var text = ""
    write(to: &text, indent: nil)
    return text
  }

  /// The value with a line for every key, and for every element that is not a plain number or word.
  public var lines: String {
    var text = ""
    write(to: &text, indent: 0)
    return text + "\n"
  }

  private func write(to text: inout String, indent: Int?) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .integer(let value): text += "\(value)"
    case .number(let value): text += value.isFinite ? "\(value)" : "null"
    case .single(let value): text += value.isFinite ? "\(value)" : "null"
    case .string(let value): JSONText.quote(value, to: &text)
    case .array(let values):
      let breaks = values.contains { $0.isContainer } ? indent : nil
      JSONText.list(values, "[", "]", to: &text, indent: breaks) { value, text, indent in
        value.write(to: &text, indent: indent)
      }
    case .object(let members):
      JSONText.list(members, "{", "}", to: &text, indent: indent) { member, text, indent in
        JSONText.quote(member.0, to: &text)
        text += ": "
        member.1.write(to: &text, indent: indent)
      }
    }
  }

  private var isContainer: Bool {
    switch self {
    case .array, .object: true
    default: false
    }
  }

  private static func list<Element>(
    _ elements: [Element], _ open: String, _ close: String, to text: inout String, indent: Int?,
    _ write: (Element, inout String, Int?) -> Void
  ) {
    let deeper = indent.map { $0 + 2 }
    let start = { (depth: Int?) in depth.map { "\n" + String(repeating: " ", count: $0) } ?? ""
    }
    text += open
    for (index, element) in elements.enumerated() {
      if index > 0 { text += deeper == nil ? ", " : "," }
      text += start(deeper)
      write(element, &text, deeper)
    }
    text += (elements.isEmpty ? "" : start(indent)) + close
  }

  private static func quote(_ string: String, to text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case "\u{0}"..<"\u{20}":
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}

extension JSONText: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral
{
  /// Makes a string.
  public init(stringLiteral value: String) { self = .string(value) }
  /// Makes a whole number.
  public init(integerLiteral value: Int) { self = .integer(value) }
  /// Makes a number.
  public init(floatLiteral value: Double) { self = .number(value) }
  /// Makes true or false.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// Makes an array.
  public init(arrayLiteral elements: JSONText...) { self = .array(elements) }
  /// Makes an object, in the order written.
  public init(dictionaryLiteral elements: (String, JSONText)...) { self = .object(elements) }
}
