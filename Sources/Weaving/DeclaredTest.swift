/// A test as its source declares it, found without compiling.
struct DeclaredTest: Sendable, Equatable {
  /// The file, relative to the root.
  let path: String
  /// The suites around the test, outermost first, without backticks.
  let suites: [String]
  /// The function's name, without backticks.
  let name: String

  /// The name that `swift test --filter` looks at: `Module.Suite/test()`.
  var identifier: String {
    let module = path.split(separator: "/").dropFirst().first.map(String.init) ?? ""
    let quoted = (suites + [name]).map { $0.contains(" ") ? "`\($0)`" : $0 }
    return "\(module).\(quoted.joined(separator: "/"))()"
  }

  /// The tests of one source file, which `swift format` has indented.
  static func all(in source: String, at path: String) -> [DeclaredTest] {
    var found: [DeclaredTest] = []
    var suites: [(indent: Int, name: String)] = []
    var isTest = false
    for line in source.split(separator: "\n") {
      let code = line.drop { $0 == " " }
      guard !code.isEmpty, !code.hasPrefix("//") else { continue }
      let indent = line.count - code.count
      if code.hasPrefix("}") { suites.removeAll { $0.indent >= indent } }
      if code.contains("@Test") { isTest = true }
      if let name = declared(
        in: code, after: ["struct ", "enum ", "class ", "actor ", "extension "])
      {
        suites.removeAll { $0.indent >= indent }
        suites.append((indent, name))
      }
      if isTest, let name = declared(in: code, after: ["func "]) {
        found.append(DeclaredTest(path: path, suites: suites.map(\.name), name: name))
        isTest = false
      }
    }
    return found
  }

  /// The name behind a keyword that begins the line or follows an attribute or modifier.
  private static func declared(in code: Substring, after keywords: [String]) -> String? {
    for keyword in keywords {
      guard let range = code.firstRange(of: keyword) else { continue }
      let before = code[..<range.lowerBound]
      guard before.isEmpty || before.hasSuffix(" ") else { continue }
      let rest = code[range.upperBound...]
      if rest.first == "`" { return String(rest.dropFirst().prefix { $0 != "`" }) }
      let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }
      if !name.isEmpty { return String(name) }
    }
    return nil
  }
}
