/// The help of one command: an overview, the usage line, and two-column tables.
struct HelpText<Root: Command> {
  /// The words that call the command, such as `deepseek train`.
  let path: String

  private let width = 80
  private let helpColumn = 26
  private let inputs = Root.inputs

  init(path: String) { self.path = path }

  var text: String {
    var sections = [wrap("OVERVIEW: \(Root.overview)", indent: 0)]
    sections.append(wrap("USAGE: \(usage)", indent: 7))
    let arguments = inputs.filter { $0.kind == .argument }
    if !arguments.isEmpty { sections.append(table("ARGUMENTS", arguments.map(row))) }
    var options = inputs.filter { $0.kind != .argument }.map(row)
    if Root.version != nil { options.append(("--version", "Show the version.")) }
    options.append(("-h, --help", "Show help information."))
    sections.append(table("OPTIONS", options))
    if !Root.subcommands.isEmpty {
      sections.append(table("SUBCOMMANDS", Root.subcommands.map { ($0.name, $0.overview) }))
      sections.append("  See '\(path) help <subcommand>' for detailed help.")
    }
    return sections.joined(separator: "\n\n") + "\n"
  }

  /// The command with everything that can follow it; what may be left out is in brackets.
  var usage: String {
    let parts = inputs.filter { $0.kind != .argument } + inputs.filter { $0.kind == .argument }
    let words = parts.map { input in
      let word = input.label + (input.isRepeated ? " ..." : "")
      return input.isRequired ? word : "[\(word)]"
    }
    let tail = Root.subcommands.isEmpty ? [] : ["<subcommand>"]
    return ([path] + words + tail).joined(separator: " ")
  }

  /// What follows a usage error.
  var reminder: String {
    wrap("Usage: \(usage)", indent: 7) + "\n  See '\(path) --help' for more information.\n"
  }

  private func row(_ input: Input<Root>) -> (String, String) {
    let byDefault = input.defaultText(Root())
    var notes: [String] = []
    if !input.choices.isEmpty {
      notes.append("values: " + input.choices.joined(separator: ", "))
    }
    if !byDefault.isEmpty { notes.append("default: \(byDefault)") }
    let note = notes.isEmpty ? "" : " (" + notes.joined(separator: "; ") + ")"
    return (input.label, input.help + note)
  }

  private func table(_ title: String, _ rows: [(String, String)]) -> String {
    let lines = rows.map { label, help in
      let start = "  " + label
      if help.isEmpty { return start }
      if start.count >= helpColumn {
        return start + "\n" + wrap(spaces(helpColumn) + help, indent: helpColumn)
      }
      return wrap(start + spaces(helpColumn - start.count) + help, indent: helpColumn)
    }
    return ([title + ":"] + lines).joined(separator: "\n")
  }

  /// Breaks a line at spaces so that it fits; lines after the first are indented.
  private func wrap(_ text: String, indent: Int) -> String {
    var lines: [String] = []
    var line = ""
    for (index, word) in words(of: text).enumerated() {
      if index > 0, line.count + 1 + word.count > width {
        lines.append(line)
        line = spaces(indent) + word
      } else {
        line += (index > 0 ? " " : "") + word
      }
    }
    return (lines + [line]).joined(separator: "\n")
  }

  /// Splits at spaces, keeping leading blanks and bracketed options such as `[--seed <n>]` whole.
  private func words(of text: String) -> [String] {
    var words: [String] = []
    var depth = 0
    let margin = text.prefix { $0 == " " }
    for part in text.dropFirst(margin.count).split(
      separator: " ", omittingEmptySubsequences: false)
    {
      if depth > 0 { words[words.count - 1] += " " + part } else { words.append(String(part)) }
      depth += part.filter { $0 == "[" }.count - part.filter { $0 == "]" }.count
    }
    words[0] = margin + words[0]
    return words
  }

  private func spaces(_ count: Int) -> String { String(repeating: " ", count: count) }
}
