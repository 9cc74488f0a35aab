extension JSONValue {
  /// Writes the value as JSON text that is the same on every machine.
  ///
  /// Numbers are written with the fewest digits that read back as the same `Double`. JSON has
  /// neither NaN nor infinity; both are written as `null`.
  ///
  /// - Parameter isIndented: Whether members stand on lines of their own, indented by two spaces.
  public func text(isIndented: Bool = true) -> String {
    var output = ""
    write(to: &output, indent: isIndented ? 0 : nil)
    return output
  }

  private func write(to output: inout String, indent: Int?) {
    switch self {
    case .null: output += "null"
    case .bool(let value): output += value ? "true" : "false"
    case .integer(let value): output += String(value)
    case .number(let value): output += value.isFinite ? value.description : "null"
    case .string(let value): writeQuoted(value, to: &output)
    case .array(let elements):
      writeList(elements, brackets: ("[", "]"), to: &output, indent: indent) {
        output, element, level in element.write(to: &output, indent: level)
      }
    case .object(let object):
      writeList(object.members, brackets: ("{", "}"), to: &output, indent: indent) {
        output, member, level in
        writeQuoted(member.key, to: &output)
        output += level == nil ? ":" : ": "
        member.value.write(to: &output, indent: level)
      }
    }
  }
}

private func writeList<Element>(
  _ elements: [Element], brackets: (String, String), to output: inout String, indent: Int?,
  each write: (inout String, Element, Int?) -> Void
) {
  let inner = indent.map { $0 + 1 }
  func lineBreak(_ level: Int?) -> String {
    level.map { "\n" + String(repeating: "  ", count: $0) } ?? ""
  }
  output += brackets.0
  for (index, element) in elements.enumerated() {
    if index > 0 { output += "," }
    output += lineBreak(inner)
    write(&output, element, inner)
  }
  if !elements.isEmpty { output += lineBreak(indent) }
  output += brackets.1
}

/// Escapes what JSON demands and nothing else, in the spelling that `serde_json` uses.
private func writeQuoted(_ text: String, to output: inout String) {
  output += "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": output += "\\\""
    case "\\": output += "\\\\"
    case "\u{8}": output += "\\b"
    case "\u{c}": output += "\\f"
    case "\n": output += "\\n"
    case "\r": output += "\\r"
    case "\t": output += "\\t"
    case "\u{0}"..."\u{1f}":
      let digits = String(scalar.value, radix: 16)
      output += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: output.unicodeScalars.append(scalar)
    }
  }
  output += "\""
}
