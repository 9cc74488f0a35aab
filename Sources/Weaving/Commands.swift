/// The words that a program understands, as its own source declares them.
///
/// A list kept here would rot; these are the two spellings in which programs declare a word.
enum Vocabulary {
  static let declarations = ["static let name = \"", "Topic(name: \""]

  static func words(of program: String, in sources: [String: String]) -> Set<String> {
    var words: Set<String> = []
    for (path, source) in sources where path.hasPrefix("Sources/\(program)/") {
      for declaration in declarations {
        for rest in source.split(separator: declaration, omittingEmptySubsequences: false)
          .dropFirst()
        { words.insert(String(rest.prefix { $0 != "\"" })) }
      }
    }
    return words
  }
}

extension Book {
  /// Every command that a page prints would work.
  package func commandFindings() -> [Finding] {
    let identifiers = tests.map(\.identifier)
    return pages.flatMap { page in
      let directives = page.directives
      return page.lines.enumerated().flatMap { index, line -> [Finding] in
        let directive = directives.first { $0.line == index }
        var commands = Book.commands(in: line)
        if case .output(let command, _)? = directive?.kind {
          commands = [["swift", "run"] + Rerun.words(of: command)]
          if command.hasPrefix("swift ") { commands = [Rerun.words(of: command)] }
        }
        return commands.compactMap { words in
          complaint(about: words, identifiers).map { Finding(page.path, index + 1, $0) }
        }
      }
    }
  }

  /// The `swift test` and `swift run` commands of a line, as words.
  static func commands(in line: String) -> [[String]] {
    var commands: [[String]] = []
    for start in ["swift test", "swift run"] {
      for rest in line.split(separator: start, omittingEmptySubsequences: false).dropFirst() {
        guard rest.first == " " || rest.isEmpty || rest.first == "`" else { continue }
        var text = rest.prefix { !"`#|;&<>…()".contains($0) }
        // Two blanks part a command from the words beside it.
        if let gap = text.trimmed.firstRange(of: "  ") {
          text = text.trimmed[..<gap.lowerBound]
        }
        commands.append(Rerun.words(of: start) + Rerun.words(of: String(text)))
      }
    }
    return commands
  }

  private func complaint(about words: [String], _ identifiers: [String]) -> String? {
    if words[1] == "test" {
      guard let flag = words.firstIndex(of: "--filter") else { return nil }
      guard flag + 1 < words.count else { return "`--filter` needs a name." }
      let filter = words[flag + 1].filter { $0 != "'" }
      if filter.contains("N.M") { return nil }  // a placeholder for the number of an exercise
      guard let pattern = try? Regex(filter) else {
        return "The filter `\(filter)` is no regular expression."
      }
      if identifiers.contains(where: { $0.firstMatch(of: pattern) != nil }) { return nil }
      return "`swift test --filter \(filter)` matches no test."
    }
    var rest = words.dropFirst(2)
    while let option = rest.first, option.hasPrefix("-") {
      rest = rest.dropFirst(
        ["-c", "--configuration", "--package-path"].contains(option) ? 2 : 1)
    }
    guard let program = rest.first, isName(program) else { return nil }
    guard sources.keys.contains(where: { $0.hasPrefix("Sources/\(program)/") }) else {
      return "There is no program \(program) to `swift run`."
    }
    guard let word = rest.dropFirst().first, isName(word) else { return nil }
    let known = Vocabulary.words(of: program, in: sources)
    let isChapter =
      program == "chapter-demo" && Int(word).map { chapterNumbers.contains($0) } == true
    if !known.contains(word), !isChapter {
      return "\(program) has no `\(word)`; it knows \(known.sorted().joined(separator: ", "))."
    }
    guard program == "exercises", let number = rest.dropFirst(2).first, isName(number) else {
      return nil
    }
    let exercises = Catalogue(of: self).exercises
    return exercises.contains { $0.number == number } ? nil : "There is no exercise \(number)."
  }

  /// Chapters that have code.
  private var chapterNumbers: Set<Int> {
    Set(
      sources.keys.filter { $0.hasPrefix("Chapters/") }
        .compactMap { Int($0.dropFirst("Chapters/".count).prefix(2)) })
  }

  /// Whether a word is meant literally: options and placeholders are not.
  private func isName(_ word: String) -> Bool {
    guard let first = word.first, first.isLowercase || first.isNumber else { return false }
    return word.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "." }
  }
}
