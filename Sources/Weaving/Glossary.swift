/// A line of the glossary.
///
/// It reads `- [term](03-mla.md#the-latent): what it means.`
struct GlossaryEntry: Equatable {
  let line: Int
  let term: String
  let target: String
}

extension Book {
  static let glossaryPath = "book/glossary.md"

  /// Every glossary entry leads to the page that sets its term in bold, and every bold term of a
  /// chapter has an entry.
  package func glossaryFindings() -> [Finding] {
    guard let glossary = page(Book.glossaryPath) else { return [] }
    let entries = glossary.glossaryEntries
    var findings: [Finding] = []
    var last = ""
    for entry in entries {
      func report(_ sentence: String) {
        findings.append(Finding(glossary.path, entry.line + 1, sentence))
      }
      let (path, _) = Book.destination(of: entry.target, on: glossary)
      let term = entry.term.lowercased()
      if term < last { report("The entry \(entry.term) should stand before \(last).") }
      last = term
      // A page that is missing is the business of the links.
      guard let page = page(path) else { continue }
      if !page.boldTerms.contains(where: { $0.term.lowercased() == term }) {
        report("\(path) does not define **\(entry.term)** in bold.")
      }
    }
    let terms = Set(entries.map { $0.term.lowercased() })
    for page in chapters {
      for bold in page.boldTerms where !terms.contains(bold.term.lowercased()) {
        findings.append(
          Finding(page.path, bold.line + 1, "The glossary has no entry for **\(bold.term)**."))
      }
    }
    return findings
  }
}

extension Page {
  /// The entries, one a list item that begins with a link.
  var glossaryEntries: [GlossaryEntry] {
    lines.enumerated().compactMap { index, line in
      guard line.hasPrefix("- ["), let close = line.firstRange(of: "](") else { return nil }
      let term = line[..<close.lowerBound].dropFirst(3)
      let target = line[close.upperBound...].prefix { $0 != ")" }
      return GlossaryEntry(line: index, term: String(term), target: String(target))
    }
  }

  /// The words in bold that define a term.
  ///
  /// Bold in a table or heading is emphasis; bold that ends in punctuation, as in `**Aside.**`, is
  /// the head of a paragraph; bold that holds a digit is a result.
  var boldTerms: [(line: Int, term: String)] {
    var found: [(Int, String)] = []
    var open: (line: Int, words: String)?
    for (index, line) in prose.enumerated() {
      let first = line.trimmed.first
      if first == nil || first == "|" || first == "#" {
        open = nil
        continue
      }
      let parts = line.split(separator: "**", omittingEmptySubsequences: false)
      for (position, part) in parts.enumerated() {
        if position > 0 {
          if let bold = open {
            found.append((bold.line, bold.words.split(separator: " ").joined(separator: " ")))
            open = nil
          } else {
            open = (index, "")
          }
        }
        open?.words += part
      }
      open?.words += " "
    }
    return found.filter { _, term in
      guard let last = term.last else { return false }
      return !".:?!,;".contains(last) && !term.contains { $0.isNumber || $0 == "$" }
    }
  }
}
