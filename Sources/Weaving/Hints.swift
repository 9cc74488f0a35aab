extension Catalogue.Entry {
  /// How much of the help a reader wants.
  public enum Help: Int, Sendable {
    /// The first hint.
    case first = 1
    /// The first two.
    case more = 2
    /// Everything, with the skeleton of the answer.
    case all = 3
  }

  /// The hints, which lines of three dashes part in their file.
  public func hints(_ help: Help, in book: Book) throws(BookError) -> String {
    let text = try book.read(hints)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let parts = lines.split(separator: "---").map {
      $0.joined(separator: "\n").trimmed
    }
    let shown = parts.prefix(help == .all ? parts.count : help.rawValue)
    var result = shown.joined(separator: "\n\n")
    if shown.count < parts.count {
      let option = help == .first ? "--more" : "--all"
      result += "\n\nMore help: swift run exercises hint \(number) \(option)"
    }
    return result
  }

  /// The solution with its reasons, but without the planted mistakes behind it.
  public func solution(in book: Book) throws(BookError) -> String {
    let text = try book.read(solution)
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    if let mutants = lines.firstIndex(where: { $0.hasPrefix("public enum Mutants") }) {
      lines.removeSubrange(mutants...)
      while let last = lines.last, last.hasPrefix("///") || last.isEmpty { lines.removeLast() }
    }
    return lines.joined(separator: "\n").trimmed
  }
}
