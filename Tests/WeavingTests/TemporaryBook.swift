import Foundation
import Testing
import Weaving

/// A small repository in a folder of its own, removed at the end of the test.
final class TemporaryBook {
  let root: URL

  init(_ files: [String: String]) throws {
    root = FileManager.default.temporaryDirectory.appending(path: "book-\(UUID().uuidString)")
    for (path, text) in files { try write(text, to: path) }
  }

  deinit { try? FileManager.default.removeItem(at: root) }

  /// The book in the folder, which must outlive it: hold on to this object.
  var book: Book {
    get throws { try Book(root: root) }
  }

  func write(_ text: String, to path: String) throws {
    let url = root.appending(path: path)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  func read(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }
}

/// The findings of one rule in a repository of a few files, as text.
func findings(_ rule: Rule, in files: [String: String]) throws -> [String] {
  let repository = try TemporaryBook(files)
  // Some rules read files only now, so the folder has to live until they have.
  return try withExtendedLifetime(repository) {
    try repository.book.findings(rule).map(\.description)
  }
}

/// Starts a marker line.
///
/// Written out at the start of a line, markers in these tests would be found
/// by the check of this very repository.
let mark = "// snippet."
