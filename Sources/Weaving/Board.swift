/// The state of the exercises, drawn for a terminal.
public struct Board {
  /// What the tests made of an answer.
  public enum State: String, Sendable {
    /// The starter is untouched.
    case unfinished
    /// The answer is wrong.
    case wrong
    /// The answer passes.
    case right
    /// The tests stopped before they reached it, as when an answer traps.
    case unknown

    var mark: String {
      switch self {
      case .unfinished: "□"
      case .wrong: "▣"
      case .right: "■"
      case .unknown: "?"
      }
    }
  }

  private let catalogue: Catalogue
  private let states: [String: State]

  /// Creates the board from the lines `NUMBER WORD` that the tests have written.
  public init(_ catalogue: Catalogue, verdicts: String) {
    self.catalogue = catalogue
    var states: [String: State] = [:]
    for line in verdicts.split(separator: "\n") {
      let words = line.split(separator: " ")
      if words.count == 2 { states[String(words[0])] = State(rawValue: String(words[1])) }
    }
    self.states = states
  }

  /// The board: a line for each chapter, the legend, and what to do next.
  public var text: String {
    var lines: [String] = []
    let width = catalogue.chapters.map(\.count).max() ?? 0
    for chapter in catalogue.chapters {
      let entries = catalogue.exercises.filter { $0.chapter == Int(chapter.prefix(2)) }
      let name = chapter.replacing("-", with: " ", maxReplacements: 1)
      let pad = String(repeating: " ", count: width - chapter.count)
      let cells = entries.map { "\($0.number) \(mark(of: $0)) \($0.level)" }
      let checked = entries.filter { $0.starter != nil }
      let right = checked.filter { states[$0.number] == .right }
      lines.append(
        "\(name)\(pad)   \(cells.joined(separator: "   "))   \(right.count) of \(checked.count)"
      )
    }
    lines += ["", "■ passes   ▣ is wrong   □ not begun   · open   ? not reached", ""]
    lines.append(next)
    return lines.joined(separator: "\n")
  }

  private func mark(of entry: Catalogue.Entry) -> String {
    entry.starter == nil ? "·" : (states[entry.number] ?? .unknown).mark
  }

  private var next: String {
    let checked = catalogue.exercises.filter { $0.starter != nil }
    let open = checked.filter { states[$0.number] != .right }
    guard let entry = open.first(where: { states[$0.number] != .unfinished }) ?? open.first,
      let starter = entry.starter
    else { return "All \(checked.count) exercises pass." }
    return """
      Next: \(entry.number) \(entry.title)
        edit  \(starter)
        try   swift test --filter "Exercise \(entry.number)"
        hint  swift run exercises hint \(entry.number)
      """
  }
}
