import Foundation

/// The book and the code it quotes, read from one working copy of the repository.
public struct Book: Sendable {
  /// The folder that holds `Package.swift`.
  public let root: URL
  /// The pages: `book/`, `README.md` and `Exercises/README.md`.
  public let pages: [Page]
  /// The Swift files by their path from the root.
  public let sources: [String: String]
  /// The tests that the sources declare.
  let tests: [DeclaredTest]

  /// Reads the book below a folder.
  /// - Throws: `BookError` when a file is not UTF-8 text.
  public init(root: URL) throws {
    self.root = root.standardizedFileURL
    var pages: [Page] = []
    var paths = try Book.files(in: "book", below: root, ending: ".md")
    paths += ["README.md", "Exercises/README.md"].filter { Book.exists($0, below: root) }
    for path in paths {
      pages.append(Page(path: path, text: try Book.read(path, below: root)))
    }
    self.pages = pages

    var sources: [String: String] = [:]
    for folder in ["Chapters", "Exercises", "Sources", "Tests"] {
      for path in try Book.files(in: folder, below: root, ending: ".swift") {
        sources[path] = try Book.read(path, below: root)
      }
    }
    if Book.exists("Package.swift", below: root) {
      sources["Package.swift"] = try Book.read("Package.swift", below: root)
    }
    self.sources = sources
    tests = sources.keys.sorted().filter { $0.hasPrefix("Tests/") }
      .flatMap { DeclaredTest.all(in: sources[$0] ?? "", at: $0) }
  }

  /// The folder above a place that holds both `Package.swift` and `book/`.
  static func root(above place: URL) -> URL? {
    var folder = place.standardizedFileURL
    while true {
      if exists("Package.swift", below: folder), exists("book", below: folder) { return folder }
      let parent = folder.deletingLastPathComponent().standardizedFileURL
      if parent.path.count >= folder.path.count { return nil }
      folder = parent
    }
  }

  /// Reads the book of the repository around the current folder.
  /// - Throws: `BookError` when there is none, or a file is not UTF-8 text.
  public static func aroundHere() throws -> Book {
    let here = URL(filePath: FileManager.default.currentDirectoryPath)
    guard let root = root(above: here) else {
      throw BookError(
        path: here.path, rule: "lies below no folder with Package.swift and book/")
    }
    return try Book(root: root)
  }

  /// The page with a path.
  func page(_ path: String) -> Page? { pages.first { $0.path == path } }

  /// The pages of the book itself, without the two READMEs.
  var bookPages: [Page] { pages.filter { $0.path.hasPrefix("book/") } }

  /// The pages of the chapters.
  var chapters: [Page] { pages.filter { $0.chapter != nil } }

  /// Whether a file or folder exists.
  func exists(_ path: String) -> Bool { Book.exists(path, below: root) }

  /// The files below a folder whose names end so, sorted, as paths from the root.
  func files(in folder: String, ending: String) -> [String] {
    (try? Book.files(in: folder, below: root, ending: ending)) ?? []
  }

  /// The text of a file.
  func read(_ path: String) throws(BookError) -> String { try Book.read(path, below: root) }

  /// Replaces a file, so that an interruption leaves either the old text or the new one.
  func write(_ text: String, to path: String) throws(BookError) {
    let url = root.appending(path: path)
    do {
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url, options: .atomic)
    } catch {
      throw BookError(path: path, rule: "could not be written: \(error.localizedDescription)")
    }
  }

  private static func exists(_ path: String, below root: URL) -> Bool {
    FileManager.default.fileExists(atPath: root.appending(path: path).path)
  }

  private static func read(_ path: String, below root: URL) throws(BookError) -> String {
    guard let data = FileManager.default.contents(atPath: root.appending(path: path).path)
    else { throw BookError(path: path, rule: "could not be read") }
    guard let text = String(data: data, encoding: .utf8)
    else { throw BookError(path: path, rule: "is not UTF-8 text") }
    return text
  }

  private static func files(
    in folder: String, below root: URL, ending: String
  ) throws -> [String] {
    let top = root.appending(path: folder)
    guard let walk = FileManager.default.enumerator(atPath: top.path) else { return [] }
    var found: [String] = []
    for case let name as String in walk where name.hasSuffix(ending) {
      if !name.split(separator: "/").contains(where: { $0.hasPrefix(".") }) {
        found.append("\(folder)/\(name)")
      }
    }
    return found.sorted()
  }
}

/// A file of the repository that cannot be used.
public struct BookError: Error, CustomStringConvertible {
  /// The path from the root.
  public let path: String
  /// What is wrong, as the end of a sentence that begins with the path.
  public let rule: String
  /// One sentence.
  public var description: String { "\(path) \(rule)." }
}
