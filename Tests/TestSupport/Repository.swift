import Foundation
import Testing

/// The repository as the tests see it.
public enum Repository {
  /// The folder that holds the package's manifest.
  public static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The folder of what the scripts of other libraries made for the tests.
  public static let references = root.appending(path: "Tests/Reference")

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

/// Runs a body with an empty folder of its own and removes the folder afterwards.
public func withFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("test-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}
