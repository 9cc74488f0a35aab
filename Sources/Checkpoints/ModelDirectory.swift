import Foundation

/// A folder whose checkpoint files change together: all of them or none, whenever a kill comes.
///
/// A save is a small journal. The new files are written to `.saving` inside the folder and synced;
/// one rename to `.saved` *commits* the set; then each file is renamed to its place.
///
/// | killed | the folder holds | opening it |
/// |---|---|---|
/// | before the commit | the old set, and a partial `.saving` | drops `.saving` |
/// | after the commit | a whole new set, partly in `.saved` | moves the rest to its place |
///
/// Every step can be repeated, so a kill while opening does no harm either. Files that belong to
/// no checkpoint (metrics, figures, notes) are left alone.
public struct ModelDirectory: Sendable {
  /// Told of each step before it happens; when it throws, everything stays as it is, just as if
  /// the process had been killed there.
  package typealias Observer = (_ step: String) throws -> Void

  /// The folder.
  public let url: URL

  private var staging: URL { file(".saving") }
  private var committed: URL { file(".saved") }
  private static let listName = ".files.json"

  /// Opens a folder that exists, and finishes or drops a save that was interrupted.
  public init(opening url: URL) throws {
    try self.init(opening: url, before: { _ in })
  }

  /// Opens a folder, which is made if there is none.
  public init(creating url: URL) throws {
    try makeFolder(url)
    try self.init(opening: url)
  }

  package init(opening url: URL, before step: Observer) throws {
    self.url = url
    guard exists(url) else {
      throw CheckpointError.file(
        url.lastPathComponent, .unreadable("there is no such folder"))
    }
    try recover(before: step)
  }

  /// The place of one file of the folder.
  public func file(_ name: String) -> URL { url.appendingPathComponent(name) }

  /// Replaces the whole checkpoint by the plain files that the closure writes into a folder.
  ///
  /// Checkpoint files of the old set that the new one lacks are removed. When the closure throws,
  /// the old set stays as it was.
  public func save(_ write: (URL) throws -> Void) throws {
    try save(before: { _ in }, write)
  }

  package func save(before step: Observer, _ write: (URL) throws -> Void) throws {
    try recover(before: step)
    try step("make .saving")
    try makeFolder(staging)
    do { try write(staging) } catch {
      try? remove(staging)
      throw error
    }
    try step("list and sync the files")
    let names = try fileNames(in: staging)
    for name in names { try synchronize(staging.appendingPathComponent(name)) }
    let list: JSONValue = ["files": .array(names.map { .string($0) })]
    try AtomicFile.write(list, to: staging.appendingPathComponent(Self.listName))
    try step("commit")
    try replace(committed, by: staging)
    try synchronize(url)
    try install(before: step)
  }

  /// Finishes a save that was committed and drops one that was not.
  private func recover(before step: Observer) throws {
    if exists(committed) { try install(before: step) }
    if exists(staging) {
      try step("drop .saving")
      try remove(staging)
    }
  }

  /// Moves the committed files to their places; every step may be repeated.
  private func install(before step: Observer) throws {
    let list = committed.appendingPathComponent(Self.listName)
    // The list goes last: without it, all moves are done and only the empty folder is left.
    if exists(list) {
      let names = try names(in: list)
      for name in names where exists(committed.appendingPathComponent(name)) {
        try step("move \(name)")
        try replace(file(name), by: committed.appendingPathComponent(name))
      }
      for name in try fileNames(in: url) where isStale(name, beside: names) {
        try step("remove \(name)")
        try remove(file(name))
      }
      try synchronize(url)
      try step("remove the list")
      try remove(list)
    }
    try step("remove .saved")
    try remove(committed)
  }

  private func names(in list: URL) throws(CheckpointError) -> [String] {
    let fields = try JSONFields(readingFrom: list)
    var names: [String] = []
    for value in fields["files"]?.array ?? [] {
      guard let name = value.string, isPlainFileName(name) else {
        throw .file(fields.file, .notAFileName(value.string ?? value.kind))
      }
      names.append(name)
    }
    return names
  }

  /// Says whether a file is part of an older checkpoint and not of the new one.
  private func isStale(_ name: String, beside names: [String]) -> Bool {
    let single: Set<String> = [
      "config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json",
      "trainer.json",
    ]
    let tensors = ["model", "optimizer"].contains { base in
      name == "\(base).safetensors" || name == "\(base).safetensors.index.json"
        || (name.hasPrefix("\(base)-") && name.hasSuffix(".safetensors")
          && name.contains("-of-"))
    }
    return (single.contains(name) || tensors) && !names.contains(name)
  }
}

// MARK: Folders, with errors that name them

private func exists(_ url: URL) -> Bool { FileManager.default.fileExists(atPath: url.path) }

private func fileNames(in folder: URL) throws(CheckpointError) -> [String] {
  do { return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() } catch
  {
    throw .file(folder.lastPathComponent, .unreadable(reason(error)))
  }
}

private func makeFolder(_ url: URL) throws(CheckpointError) {
  do {
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  } catch { throw .file(url.lastPathComponent, .unwritable(reason(error))) }
}

private func remove(_ url: URL) throws(CheckpointError) {
  do { try FileManager.default.removeItem(at: url) } catch {
    throw .file(url.lastPathComponent, .unwritable(reason(error)))
  }
}
