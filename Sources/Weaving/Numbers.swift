import Foundation

extension Book {
  /// The measured and computed numbers, from every `book/results/*.json`.
  package func results() -> (values: [String: Double], findings: [Finding]) {
    var values: [String: Double] = [:]
    var findings: [Finding] = []
    let paths = files(in: "book/results", ending: ".json")
    for path in paths where path.split(separator: "/").count == 3 {
      do {
        let data = Data(try read(path).utf8)
        let entries = try JSONDecoder().decode([String: Double].self, from: data)
        for key in entries.keys.sorted() {
          if values.updateValue(entries[key] ?? .nan, forKey: key) != nil {
            findings.append(Finding(path, 1, "The key \(key) is in another results file too."))
          }
        }
      } catch let error as BookError {
        findings.append(Finding(path, 1, error.description))
      } catch {
        findings.append(
          Finding(path, 1, "A results file is one flat JSON object from keys to numbers."))
      }
    }
    return (values, findings)
  }

  /// Every keyed number in the prose is the one that the demos wrote, at the digits shown.
  package func numberFindings() -> [Finding] {
    let (values, broken) = results()
    var findings = broken
    for page in pages {
      for directive in page.directives {
        guard case .number(let key) = directive.kind else { continue }
        func report(_ sentence: String) {
          findings.append(Finding(page.path, directive.line + 1, sentence))
        }
        guard let value = values[key] else {
          report("No file in book/results has the key \(key).")
          continue
        }
        guard let shown = ShownNumber.reading(endOf: directive.before, for: value) else {
          report("No number stands before the key \(key).")
          continue
        }
        let right = shown.rendering(value)
        if right != shown.text {
          report(
            "The number \(shown.text) should be \(right), since \(key) is \(value); "
              + "run `swift run book weave`.")
        }
      }
    }
    return findings
  }

  /// The page with every keyed number rewritten at the digits it shows.
  func refreshingNumbers(of page: Page) -> Page {
    let values = results().values
    var lines = page.lines
    for directive in page.directives.reversed() {
      guard case .number(let key) = directive.kind, let value = values[key] else { continue }
      guard let shown = ShownNumber.reading(endOf: directive.before, for: value) else {
        continue
      }
      let rest = lines[directive.line].dropFirst(directive.before.count)
      lines[directive.line] = shown.prefix + shown.rendering(value) + shown.suffix + rest
    }
    return Page(path: page.path, text: lines.joined(separator: "\n"))
  }
}
