import Foundation
import Testing

/// The repository as the tests see it.
public enum Repository {
  /// The folder that holds the package's manifest.
  public static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The folder of a chapter's lesson, such as `Chapters/01-Tensors`.
  public static func chapter(_ number: Int) throws -> URL {
    let chapters = root.appending(path: "Chapters")
    let prefix = (number < 10 ? "0" : "") + "\(number)-"
    let names = try FileManager.default.contentsOfDirectory(atPath: chapters.path)
    let name = try #require(names.first { $0.hasPrefix(prefix) }, "no chapter \(number)")
    return chapters.appending(path: name)
  }

  /// The Swift files below a folder, in alphabetical order.
  public static func sources(below folder: URL) throws -> [URL] {
    try FileManager.default.subpathsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".swift") }.sorted().map { folder.appending(path: $0) }
  }
}

/// The names that operations are recorded under in a text of Swift.
public func recordedOperations(in source: String) -> [String] {
  source.matches(of: /record\(\s*"([^"]+)"/).map { String($0.output.1) }
}

/// The names that the operations of a chapter are recorded under.
public func recordedOperations(chapter number: Int) throws -> Set<String> {
  let files = try Repository.sources(below: Repository.chapter(number))
  return Set(
    try files.flatMap { recordedOperations(in: try String(contentsOf: $0, encoding: .utf8)) })
}

/// Expects each operation of a chapter to have a gradient case, and each case an operation.
public func expectCase(
  forEachOperationOf chapter: Int, among cases: [GradientCase],
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let recorded = try recordedOperations(chapter: chapter)
  let checked = Set(cases.map(\.operation))
  #expect(!recorded.isEmpty, "found no operation", sourceLocation: sourceLocation)
  #expect(
    recorded.subtracting(checked).sorted() == [], "operations without a gradient case",
    sourceLocation: sourceLocation)
  #expect(
    checked.subtracting(recorded).sorted() == [], "gradient cases without an operation",
    sourceLocation: sourceLocation)
}
