import Foundation

extension Book {
  /// Every exercise on a page has its files and tests, and every exercise is on a page.
  package func exerciseFindings() -> [Finding] {
    let catalogue = Catalogue(of: self)
    var findings = catalogue.exercises.flatMap { completenessFindings($0) }
    for page in chapters {
      let onPage = page.exerciseHeadings
      let inFiles = catalogue.exercises.filter { $0.chapter == page.chapter }
      for heading in onPage {
        guard let entry = inFiles.first(where: { $0.number == heading.number }) else {
          findings.append(
            Finding(
              page.path, heading.line + 1,
              "Exercise \(heading.number) has no starter in Exercises/ and no file in "
                + "Exercises/Open/."))
          continue
        }
        if heading.title != "\(entry.level) \(entry.title)" {
          findings.append(
            Finding(
              page.path, heading.line + 1,
              "The heading should be `Exercise \(entry.number) \(entry.level) \(entry.title)`, as "
                + "in \(entry.starter ?? entry.solution)."))
        }
      }
      let numbers = Set(onPage.map(\.number))
      for entry in inFiles where !numbers.contains(entry.number) {
        findings.append(
          Finding(
            entry.starter ?? entry.solution, 1,
            "\(page.path) has no heading for exercise \(entry.number)."))
      }
    }
    return findings
  }

  private func completenessFindings(_ entry: Catalogue.Entry) -> [Finding] {
    var findings: [Finding] = []
    let place = entry.starter ?? entry.solution
    func report(_ sentence: String) { findings.append(Finding(place, 1, sentence)) }
    if entry.level.isEmpty || entry.title.isEmpty {
      report(
        "The header must read `Exercise \(entry.number) ●● Title (20 minutes)`, with its level."
      )
    }
    if !exists(entry.hints) {
      report("Exercise \(entry.number) needs hints in \(entry.hints).")
    }
    guard entry.starter != nil else { return findings }
    if !exists(entry.solution) {
      report("Exercise \(entry.number) needs a solution in \(entry.solution).")
    }
    let target = "Exercise\(String(format: "%02d", entry.chapter))Tests"
    let suite = "Exercise \(entry.number)"
    guard
      let test = tests.first(where: {
        $0.suites == [suite] && $0.path.hasPrefix("Tests/\(target)/")
      })
    else {
      report("Exercise \(entry.number) needs a suite `\(suite)` in Tests/\(target)/.")
      return findings
    }
    for call in ["tryYours(", "proveSolution(", "proveMutant("] {
      if sources[test.path]?.contains(call) != true {
        findings.append(Finding(test.path, 1, "The suite `\(suite)` must call `\(call)…)`."))
      }
    }
    return findings
  }
}

extension Page {
  /// The headings `### Exercise 1.2 ●● Title (20 minutes)`.
  var exerciseHeadings: [(line: Int, number: String, title: String)] {
    headings.compactMap { line, text in
      let words = text.split(separator: " ")
      guard words.count >= 2, words[0] == "Exercise" else { return nil }
      return (line, String(words[1]), words.dropFirst(2).joined(separator: " "))
    }
  }
}
