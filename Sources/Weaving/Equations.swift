extension Book {
  /// Every numbered equation has a directive, counts on from the one before, and names a test.
  package func equationFindings() -> [Finding] {
    let names = Set(tests.map(\.name))
    return pages.flatMap { page in
      numberingFindings(on: page) + testFindings(on: page, names: names)
    }
  }

  private func testFindings(on page: Page, names: Set<String>) -> [Finding] {
    page.directives.flatMap { directive -> [Finding] in
      guard case .equation(let number, let wanted) = directive.kind else { return [] }
      return wanted.filter { !names.contains($0) }.map {
        Finding(
          page.path, directive.line + 1,
          "Equation \(number) names a test that does not exist: `\($0)`.")
      }
    }
  }

  private func numberingFindings(on page: Page) -> [Finding] {
    var findings: [Finding] = []
    var directives: [Int: String] = [:]
    for directive in page.directives {
      if case .equation(let number, _) = directive.kind { directives[directive.line] = number }
    }
    var next = 1
    var claimed: Set<Int> = []
    for (line, tag) in page.tags {
      let wanted = "\(page.chapter ?? 0).\(next)"
      if tag != wanted {
        findings.append(
          Finding(
            page.path, line + 1, "The equation (\(tag)) should have the number \(wanted)."))
      }
      next += 1
      // The directive stands right behind the block, which ends a line or two after its tag.
      let near = (line...line + 4).first { directives[$0] != nil && !claimed.contains($0) }
      guard let near else {
        findings.append(
          Finding(
            page.path, line + 1,
            "The equation (\(tag)) needs `<!-- eq \(tag) · SOURCE · test: NAME -->` behind it.")
        )
        continue
      }
      claimed.insert(near)
      if let number = directives[near], number != tag {
        findings.append(
          Finding(page.path, near + 1, "This directive says \(number), its equation \(tag)."))
      }
    }
    for line in directives.keys.sorted() where !claimed.contains(line) {
      findings.append(
        Finding(
          page.path, line + 1,
          "Equation \(directives[line] ?? "") has no block with `\\tag` before its directive."))
    }
    return findings
  }
}

extension Page {
  /// The equation numbers, with their lines, in prose and in `math` blocks.
  var tags: [(line: Int, number: String)] {
    let formulas = fences.filter { $0.language == "math" }.map(\.body)
    return lines.indices.flatMap { index -> [(Int, String)] in
      let isFormula = formulas.contains { $0.contains(index) }
      let text = isFormula ? lines[index] : prose[index]
      return text.split(separator: "\\tag{", omittingEmptySubsequences: false).dropFirst().map {
        (index, String($0.prefix { $0 != "}" }))
      }
    }
  }
}
