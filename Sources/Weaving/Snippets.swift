/// A marked region of a source file, which a page may quote.
struct Snippet: Equatable, Sendable {
  let name: String
  /// The line of the marker, counted from one.
  let line: Int
  /// The lines of the region, without inner markers and common indentation.
  let lines: [String]

  static let marker = "// snippet."
  static let widest = 96

  /// The regions of one source, and what is wrong with its markers.
  static func all(in source: String, at path: String) -> (snippets: [Snippet], [Finding]) {
    var snippets: [Snippet] = []
    var findings: [Finding] = []
    var open: (name: String, line: Int, lines: [String])?
    guard source.contains(marker) else { return ([], []) }
    let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      let code = line.drop { $0 == " " }
      guard code.hasPrefix(marker) else {
        open?.lines.append(String(line))
        continue
      }
      let name = code.dropFirst(marker.count).trimmed
      if name == "end" {
        guard let region = open else {
          findings.append(Finding(path, index + 1, "`\(marker)end` closes no snippet."))
          continue
        }
        snippets.append(
          Snippet(name: region.name, line: region.line, lines: unindented(region.lines)))
        open = nil
      } else if let region = open {
        findings.append(
          Finding(
            path, index + 1,
            "The snippet \(name) begins inside \(region.name); snippets stand one after another."
          ))
      } else {
        if let first = snippets.first(where: { $0.name == name }) {
          findings.append(
            Finding(
              path, index + 1, "The snippet \(name) is already defined on line \(first.line)."))
        }
        open = (name, index + 1, [])
      }
    }
    if let region = open {
      findings.append(
        Finding(path, region.line, "The snippet \(region.name) has no `\(marker)end`."))
    }
    return (snippets, findings)
  }

  private static func unindented(_ lines: [String]) -> [String] {
    let filled = lines.filter { !$0.allSatisfy(\.isWhitespace) }
    let indent = filled.map { $0.prefix { $0 == " " }.count }.min() ?? 0
    return lines.map { String($0.dropFirst(indent)) }
  }
}

extension Book {
  /// Every quotation is the code, and every marked region is quoted once its chapter has a page.
  package func snippetFindings() -> [Finding] {
    var findings: [Finding] = []
    var regions: [String: [Snippet]] = [:]
    for path in sources.keys.sorted() {
      let (snippets, mistakes) = Snippet.all(in: sources[path] ?? "", at: path)
      regions[path] = snippets
      findings += mistakes
    }
    var quoted: Set<String> = []
    for page in pages {
      for directive in page.directives {
        guard case .snippet(let path, let name) = directive.kind else { continue }
        quoted.insert("\(path) \(name)")
        if let sentence = drift(of: name, in: regions[path], at: path, on: page, directive) {
          findings.append(Finding(page.path, directive.line + 1, sentence))
        }
      }
    }
    for path in sources.keys.sorted() where !isAheadOfItsPage(path) {
      for snippet in regions[path] ?? [] {
        if !quoted.contains("\(path) \(snippet.name)") {
          findings.append(
            Finding(path, snippet.line, "No page quotes the snippet \(snippet.name)."))
        }
        if let wide = snippet.lines.firstIndex(where: { $0.count > Snippet.widest }) {
          findings.append(
            Finding(
              path, snippet.line + 1 + wide,
              "A line of the snippet \(snippet.name) is wider than \(Snippet.widest) columns."))
        }
      }
    }
    return findings
  }

  /// Whether a file belongs to a chapter that has code but no page yet.
  private func isAheadOfItsPage(_ path: String) -> Bool {
    let heads = [
      "Chapters/", "Tests/Chapter", "Exercises/", "Exercises/Solutions/", "Tests/Exercise",
    ]
    let numbers = heads.compactMap { head in
      path.hasPrefix(head) ? Int(path.dropFirst(head.count).prefix(2)) : nil
    }
    guard let number = numbers.first else { return false }
    return !chapters.contains { $0.chapter == number }
  }

  private func drift(
    of name: String, in regions: [Snippet]?, at path: String, on page: Page,
    _ directive: Directive
  ) -> String? {
    guard let regions else { return "There is no Swift file \(path)." }
    guard let snippet = regions.first(where: { $0.name == name }) else {
      return "\(path) has no snippet \(name)."
    }
    guard let fence = page.fence(at: directive.line + 1, language: "swift") else {
      return "A ```swift block must follow the snippet \(name) on the next line."
    }
    let shown = page.text(of: fence)
    guard shown != snippet.lines else { return nil }
    let first = zip(shown, snippet.lines).enumerated().first { $0.element.0 != $0.element.1 }
    let index = first?.offset ?? min(shown.count, snippet.lines.count)
    let here = index < shown.count ? "`\(shown[index].trimmed)`" : "nothing"
    let there = index < snippet.lines.count ? "`\(snippet.lines[index].trimmed)`" : "nothing"
    return "The snippet \(name) has drifted: line \(index + 1) is \(here) here and \(there) in "
      + "\(path); run `swift run book weave`."
  }

  /// The page with every quotation refreshed.
  func refreshingSnippets(of page: Page) -> Page {
    var lines = page.lines
    for directive in page.directives.reversed() {
      guard case .snippet(let path, let name) = directive.kind,
        let fence = page.fence(at: directive.line + 1, language: "swift"),
        let source = sources[path],
        let snippet = Snippet.all(in: source, at: path).snippets.first(where: {
          $0.name == name
        })
      else { continue }
      let ticks = snippet.lines.map { $0.prefix { $0 == "`" }.count }.max() ?? 0
      let mark = String(repeating: "`", count: max(3, ticks + 1))
      let block = ["\(mark)swift"] + snippet.lines + [mark]
      lines.replaceSubrange(fence.opening...fence.body.upperBound, with: block)
    }
    return Page(path: page.path, text: lines.joined(separator: "\n"))
  }
}
