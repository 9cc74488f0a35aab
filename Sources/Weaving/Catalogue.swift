import Foundation

/// The exercises of the book, found by their files.
///
/// Exercise 1.2 is `Exercises/01-Tensors/Ex01_2.swift`. An open exercise, which nothing can check,
/// has no starter but a file `Exercises/Open/01.6.md`, whose first line reads
/// `# Exercise 1.6 ★ Title (30 minutes)`.
public struct Catalogue: Sendable {
  /// One exercise and where its parts lie.
  public struct Entry: Sendable, Equatable {
    /// Such as `1.2`.
    public let number: String
    /// The chapter's number.
    public let chapter: Int
    /// The place in the chapter.
    public let position: Int
    /// `●`, `●●`, `●●●` or `★`.
    public let level: String
    /// The title in the header of the starter.
    public let title: String
    /// The file that the reader completes, or nil for an open exercise.
    public let starter: String?
    /// The file with the answer.
    public let solution: String
    /// The file with the hints.
    public let hints: String
  }

  /// The exercises in the order of the book.
  public let exercises: [Entry]
  /// The chapters that have exercises, as `01-Tensors`.
  public let chapters: [String]

  /// Reads the catalogue of a book.
  public init(of book: Book) {
    let starters = book.sources.keys.filter { path in
      let parts = path.split(separator: "/")
      return parts.count == 3 && parts[0] == "Exercises" && parts[2].hasPrefix("Ex")
    }
    chapters = Set(starters.map { String($0.split(separator: "/")[1]) }).sorted()
    var entries = starters.compactMap { path in
      Catalogue.entry(starter: path, header: book.sources[path] ?? "")
    }
    for path in book.files(in: "Exercises/Open", ending: ".md") {
      if let text = try? book.read(path), let entry = Catalogue.entry(open: path, header: text)
      {
        entries.append(entry)
      }
    }
    exercises = entries.sorted { ($0.chapter, $0.position) < ($1.chapter, $1.position) }
  }

  private static func entry(starter path: String, header: String) -> Entry? {
    let parts = path.split(separator: "/")
    let digits = parts[2].dropFirst(2).dropLast(".swift".count).split(separator: "_")
    guard digits.count == 2, let chapter = Int(digits[0]), let position = Int(digits[1]),
      digits[0].count == 2
    else { return nil }
    let title = title(in: header, after: "/// Exercise \(chapter).\(position) ")
    return Entry(
      number: "\(chapter).\(position)", chapter: chapter, position: position,
      level: title.level, title: title.text, starter: path,
      solution: "Exercises/Solutions/\(parts[1])/\(parts[2])",
      hints: hints(chapter, position))
  }

  private static func entry(open path: String, header: String) -> Entry? {
    let name = path.split(separator: "/")[2].dropLast(".md".count)
    let digits = name.split(separator: ".")
    guard digits.count == 2, let chapter = Int(digits[0]), let position = Int(digits[1])
    else { return nil }
    let title = title(in: header, after: "# Exercise \(chapter).\(position) ")
    return Entry(
      number: "\(chapter).\(position)", chapter: chapter, position: position,
      level: title.level, title: title.text, starter: nil, solution: path,
      hints: hints(chapter, position))
  }

  private static func hints(_ chapter: Int, _ position: Int) -> String {
    "Exercises/Hints/\(String(format: "%02d", chapter)).\(position).md"
  }

  private static func title(in text: String, after head: String) -> (
    level: String, text: String
  ) {
    let line = text.split(separator: "\n").first { $0.hasPrefix(head) }
    guard let rest = line?.dropFirst(head.count) else { return ("", "") }
    let level = rest.prefix { $0 == "●" || $0 == "★" }
    var title = rest.dropFirst(level.count).trimmed
    if title.last == "." { title.removeLast() }
    return (String(level), title)
  }
}
