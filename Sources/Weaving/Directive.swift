/// An instruction to the checker, hidden from readers in an HTML comment.
struct Directive {
  /// What the comment asks for.
  enum Kind: Equatable {
    /// `<!-- snippet: PATH NAME -->`
    case snippet(path: String, name: String)
    /// `<!-- = KEY -->`, right behind a number
    case number(key: String)
    /// `<!-- output: COMMAND -->`, or `<!-- recorded: COMMAND -->` for a slow command
    case output(command: String, isSlow: Bool)
    /// `<!-- eq 4.6 · SOURCE · test: NAME -->`
    case equation(number: String, tests: [String])
    /// `<!-- test -->`, right behind a test's name in italics
    case test(name: String)
    /// Anything else, with the sentence that says what is wrong with it.
    case mistake(String)
  }

  let kind: Kind
  /// The index of the line.
  let line: Int
  /// What stands before the comment on its line.
  let before: String

  init(_ body: String, line: Int, before: String) {
    self.line = line
    self.before = before
    kind = Directive.kind(of: body, behind: before)
  }

  private static func kind(of body: String, behind before: String) -> Kind {
    let words = body.split(separator: " ").map(String.init)
    switch words.first {
    case "snippet:":
      guard words.count == 3 else {
        return .mistake("A snippet is quoted as `<!-- snippet: PATH NAME -->`.")
      }
      return .snippet(path: words[1], name: words[2])
    case "=":
      guard words.count == 2 else {
        return .mistake("A number is keyed as `<!-- = KEY -->`, with one key.")
      }
      return .number(key: words[1])
    case "output:", "recorded:":
      guard words.count > 1 else {
        return .mistake("An output names its command: `<!-- output: chapter-demo mla -->`.")
      }
      let command = words.dropFirst().joined(separator: " ")
      return .output(command: command, isSlow: words[0] == "recorded:")
    case "eq":
      let parts = body.split(separator: "·").map(\.trimmed)
      let tests = parts.filter { $0.hasPrefix("test: ") }.map { $0.dropFirst(6).trimmed }
      guard words.count > 1, !tests.isEmpty else {
        return .mistake(
          "An equation names its test: `<!-- eq 4.6 · V3 (13)–(16) · test: the test's name -->`."
        )
      }
      return .equation(number: words[1], tests: tests)
    case "test":
      guard words.count == 1, let name = before.italicsAtItsEnd else {
        return .mistake("A test is named as `*the test's name*<!-- test -->`, on one line.")
      }
      return .test(name: name)
    default:
      return .mistake(
        "`\(body)` is no directive; the known ones begin with `snippet:`, `output:`, "
          + "`recorded:`, `eq`, `test` and `=`.")
    }
  }
}

extension Page {
  /// The directives in the prose of the page, in order.
  var directives: [Directive] {
    var found: [Directive] = []
    for (index, line) in prose.enumerated() where line.contains("<!--") {
      // Blanking keeps positions, so what it hid inside a comment is read from the line itself.
      let whole = Array(lines[index])
      let visible = Array(line)
      var position = 0
      while let open = visible.firstIndex(of: "<!--", from: position) {
        let before = String(whole[..<open])
        guard let close = whole.firstIndex(of: "-->", from: open + 4) else {
          let mistake = "A comment opens here and does not close on its line."
          found.append(Directive(mistake: mistake, line: index))
          break
        }
        let body = String(whole[open + 4..<close]).trimmed
        found.append(Directive(body, line: index, before: before))
        position = close + 3
      }
    }
    return found
  }
}

extension Directive {
  fileprivate init(mistake: String, line: Int) {
    kind = .mistake(mistake)
    self.line = line
    before = ""
  }
}

extension String {
  /// The words in italics with which the text ends, without the stars around them.
  fileprivate var italicsAtItsEnd: String? {
    guard last == "*", let open = dropLast().lastIndex(of: "*") else { return nil }
    let words = self[index(after: open)..<index(before: endIndex)]
    return words.isEmpty ? nil : String(words)
  }
}

extension Array where Element == Character {
  /// The first place at or after a position where the text begins.
  func firstIndex(of text: String, from start: Int) -> Int? {
    let wanted = Array(text)
    guard count >= wanted.count, start <= count - wanted.count else { return nil }
    return (start...count - wanted.count).first { self[$0..<$0 + wanted.count] == wanted[...] }
  }
}

extension Book {
  /// Every HTML comment is a directive that the checker knows, so a misspelt one is not silence.
  package func strayDirectives() -> [Finding] {
    pages.flatMap { page in
      page.directives.compactMap { directive in
        guard case .mistake(let sentence) = directive.kind else { return nil }
        return Finding(page.path, directive.line + 1, sentence)
      }
    }
  }
}
