import Foundation

/// What a command printed when it was last recorded.
struct OutputRecord: Equatable {
  let command: String
  let lines: [String]

  /// The file of a command, below the root.
  static func path(of command: String) -> String {
    var name = ""
    for character in command.lowercased() {
      if character.isASCII, character.isLetter || character.isNumber || character == "." {
        name.append(character)
      } else if name.last != "-" {
        name.append("-")
      }
    }
    return "book/results/outputs/\(name.prefix(80)).txt"
  }

  /// The record as a file: the command after a dollar sign, then what it printed.
  var text: String { (["$ \(command)"] + lines).joined(separator: "\n") + "\n" }

  init(command: String, printed: String) {
    self.command = command
    var lines = printed.split(separator: "\n", omittingEmptySubsequences: false).map {
      line in String(line.reversed().drop { $0 == " " }.reversed())
    }
    while lines.last?.isEmpty == true { lines.removeLast() }
    self.lines = lines
  }

  init?(file text: String) {
    guard text.hasPrefix("$ ") else { return nil }
    let command = text.dropFirst(2).prefix { $0 != "\n" }
    let printed = text.dropFirst(2 + command.count + 1)
    self.init(command: String(command), printed: String(printed))
  }

  /// Whether a block shows this output, where a line `…` stands for any lines left out.
  func isShown(by block: [String]) -> Bool {
    var rest = lines[...]
    var mayskip = false
    let parts = block.split(
      omittingEmptySubsequences: false, whereSeparator: { $0.trimmed == "…" })
    for (index, part) in parts.enumerated() {
      let chunk = Array(part)
      let isLast = index == parts.count - 1
      if isLast, mayskip {
        return rest.count >= chunk.count && Array(rest.suffix(chunk.count)) == chunk
      }
      let starts = rest.count - chunk.count
      guard starts >= 0 else { return false }
      let places = mayskip ? 0...starts : 0...0
      guard
        let place = places.first(where: {
          Array(rest.dropFirst($0).prefix(chunk.count)) == chunk
        })
      else { return false }
      rest = rest.dropFirst(place + chunk.count)
      mayskip = true
    }
    return rest.isEmpty
  }

  /// Whether two outputs differ only in times, rates, memory and shares of the peak.
  func agrees(with other: OutputRecord) -> Bool {
    lines.map(OutputRecord.withoutMeasures) == other.lines.map(OutputRecord.withoutMeasures)
  }

  /// The line with every measured quantity replaced, and with runs of blanks made one.
  static func withoutMeasures(_ line: String) -> String {
    let units = "ns|µs|ms|s|min|h|[kKMGT]?i?B|[MGT]?FLOP/s|[kM]?tokens/s|steps/s|tok/s"
    let pattern = "[0-9][0-9.,]*[ \u{A0}]?(?:(?:\(units))(?![A-Za-z0-9/])|% of (?:the )?peak|×)"
    guard let measure = try? Regex(pattern) else { return line }
    return line.replacing(measure, with: "~").split(separator: " ").joined(separator: " ")
  }
}

extension Book {
  /// An output block on a page, with the command that prints it.
  struct OutputBlock {
    let page: Page
    let line: Int
    let command: String
    let isSlow: Bool
    let fence: Page.Fence?
  }

  /// The output blocks of all pages.
  var outputBlocks: [OutputBlock] {
    pages.flatMap { page in
      page.directives.compactMap { directive in
        guard case .output(let command, let isSlow) = directive.kind else { return nil }
        return OutputBlock(
          page: page, line: directive.line + 1, command: command, isSlow: isSlow,
          fence: page.fence(at: directive.line + 1, language: "text"))
      }
    }
  }

  /// The record of a command, if there is one.
  func record(of command: String) -> OutputRecord? {
    let path = OutputRecord.path(of: command)
    guard exists(path), let text = try? read(path), let record = OutputRecord(file: text),
      record.command == command
    else { return nil }
    return record
  }

  /// Every output block shows what its command printed when it was last recorded.
  package func outputFindings() -> [Finding] {
    var findings: [Finding] = []
    for block in outputBlocks {
      func report(_ sentence: String) {
        findings.append(Finding(block.page.path, block.line, sentence))
      }
      guard let fence = block.fence else {
        report("A ```text block must follow the output of `\(block.command)` on the next line.")
        continue
      }
      guard let record = record(of: block.command) else {
        report(
          "The output of `\(block.command)` has not been recorded; run `swift run book weave"
            + (block.isSlow ? " --run --recorded`." : "`."))
        continue
      }
      if !record.isShown(by: block.page.text(of: fence)) {
        report(
          "The block is not what `\(block.command)` printed (see "
            + "\(OutputRecord.path(of: block.command))); run `swift run book weave`.")
      }
    }
    let shown = Set(outputBlocks.map { OutputRecord.path(of: $0.command) })
    for path in files(in: "book/results/outputs", ending: ".txt") where !shown.contains(path) {
      findings.append(Finding(path, 1, "No page shows this output; delete the file."))
    }
    return findings
  }

  /// The page with every output block refreshed from its record; excerpts are left alone.
  func refreshingOutputs(of page: Page) -> Page {
    var lines = page.lines
    for block in outputBlocks.reversed() where block.page.path == page.path {
      guard let fence = block.fence, let record = record(of: block.command) else { continue }
      let shown = page.text(of: fence)
      if !shown.contains(where: { $0.trimmed == "…" }), !record.isShown(by: shown) {
        lines.replaceSubrange(fence.body, with: record.lines)
      }
    }
    return Page(path: page.path, text: lines.joined(separator: "\n"))
  }
}
