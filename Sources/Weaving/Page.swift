/// One Markdown file, split into lines that know whether they are prose or code.
public struct Page: Sendable {
  /// The path, relative to the root of the repository.
  public let path: String
  /// The lines as they stand in the file.
  public let lines: [String]
  /// For each line, the prose in it: code, whether fenced or inline, is blanked out.
  public let prose: [String]
  /// The fenced blocks in order.
  public let fences: [Fence]

  /// A fenced block: the opening line, the language after it, and the lines between.
  public struct Fence: Sendable {
    /// The index of the opening line.
    public let opening: Int
    /// The word after the backticks, such as `swift`.
    public let language: String
    /// The indices of the lines between the fences.
    public let body: Range<Int>
  }

  /// Reads a page from its text.
  public init(path: String, text: String) {
    self.path = path
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    var prose: [String] = []
    var fences: [Fence] = []
    var open: (index: Int, ticks: Int, language: String)?
    for (index, line) in lines.enumerated() {
      let ticks = line.prefix { $0 == "`" }.count
      if let fence = open {
        prose.append("")
        let closes = ticks >= fence.ticks && line.dropFirst(ticks).allSatisfy(\.isWhitespace)
        if closes {
          fences.append(
            Fence(opening: fence.index, language: fence.language, body: fence.index + 1..<index)
          )
          open = nil
        }
      } else if ticks >= 3 {
        prose.append("")
        let language = line.dropFirst(ticks).split(separator: " ").first.map(String.init) ?? ""
        open = (index, ticks, language)
      } else {
        prose.append(Page.blankingInlineCode(line))
      }
    }
    self.prose = prose
    self.fences = fences
  }

  /// The chapter that the file name begins with: 3 for `book/03-mla.md`.
  public var chapter: Int? {
    let name = path.split(separator: "/").last ?? ""
    guard path.hasPrefix("book/"), name.dropFirst(2).first == "-" else { return nil }
    return Int(name.prefix(2))
  }

  /// The folder that relative links start from, empty at the root.
  var folder: String { path.split(separator: "/").dropLast().joined(separator: "/") }

  /// The body of a fence as one text.
  func text(of fence: Fence) -> [String] { Array(lines[fence.body]) }

  /// The fence that opens on the given line, if it has the given language.
  func fence(at line: Int, language: String) -> Fence? {
    fences.first { $0.opening == line && $0.language == language }
  }

  /// The headings with their lines, without the number signs.
  var headings: [(line: Int, text: String)] {
    lines.indices.compactMap { index in
      guard prose[index].hasPrefix("#") else { return nil }
      let text = lines[index].drop { $0 == "#" }
      guard text.first == " " else { return nil }
      return (index, text.trimmed)
    }
  }

  private static func blankingInlineCode(_ line: String) -> String {
    var characters = Array(line)
    var start = 0
    while let open = characters[start...].firstIndex(of: "`") {
      let ticks = characters[open...].prefix { $0 == "`" }.count
      var close = open + ticks
      var run = 0
      while close < characters.count {
        run = characters[close...].prefix { $0 == "`" }.count
        if run == ticks { break }
        close += max(run, 1)
      }
      guard close < characters.count, run == ticks else {
        start = open + ticks
        continue
      }
      for index in open..<close + ticks { characters[index] = " " }
      start = close + ticks
    }
    return String(characters)
  }
}

extension StringProtocol {
  /// The text without white space at both ends.
  package var trimmed: String {
    var rest = self[...]
    while rest.first?.isWhitespace == true { rest.removeFirst() }
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return String(rest)
  }
}
