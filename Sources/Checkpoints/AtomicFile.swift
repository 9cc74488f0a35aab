import Foundation

/// Writes files so that a reader sees the old contents or the new, never a part.
///
/// The bytes go to a temporary name in the same folder, are synced to the disk, and take the
/// place of the old file by one rename, which the file system performs at once.
public enum AtomicFile {
  /// Replaces a file by the given bytes.
  public static func write(_ contents: Data, to url: URL) throws(CheckpointError) {
    try write(to: url) { handle in try handle.write(contentsOf: contents) }
  }

  /// Replaces a file by a text.
  public static func write(_ text: String, to url: URL) throws(CheckpointError) {
    try write(Data(text.utf8), to: url)
  }

  /// Replaces a file by a JSON document that ends with a newline.
  public static func write(_ document: JSONValue, to url: URL) throws(CheckpointError) {
    try write(document.text() + "\n", to: url)
  }

  /// Replaces a file by what the closure writes piece by piece.
  ///
  /// When the closure throws, the old file stays and the temporary one is removed.
  public static func write(
    to url: URL, _ body: (FileHandle) throws -> Void
  ) throws(CheckpointError) {
    let folder = url.deletingLastPathComponent()
    let name = url.lastPathComponent
    let temporary = folder.appendingPathComponent(".\(name).\(UUID().uuidString).partial")
    do {
      try Data().write(to: temporary, options: .withoutOverwriting)
      let handle = try FileHandle(forWritingTo: temporary)
      do {
        try body(handle)
        try handle.synchronize()
        try handle.close()
      } catch {
        try? handle.close()
        throw error
      }
    } catch {
      try? FileManager.default.removeItem(at: temporary)
      throw error as? CheckpointError ?? .file(name, .unwritable(reason(error)))
    }
    do { try replace(url, by: temporary) } catch {
      try? FileManager.default.removeItem(at: temporary)
      throw error
    }
    try synchronize(folder)
  }
}

/// Renames a file or folder over another, at once.
func replace(_ url: URL, by source: URL) throws(CheckpointError) {
  guard rename(source.path, url.path) == 0 else {
    throw .file(url.lastPathComponent, .unwritable(systemReason()))
  }
}

/// Forces the contents of a file, or the names in a folder, to the disk.
func synchronize(_ url: URL) throws(CheckpointError) {
  let descriptor = open(url.path, O_RDONLY)
  guard descriptor >= 0 else { throw .file(url.lastPathComponent, .unwritable(systemReason())) }
  defer { close(descriptor) }
  guard fsync(descriptor) == 0 else {
    throw .file(url.lastPathComponent, .unwritable(systemReason()))
  }
}

/// Maps a file into memory instead of reading it.
func mappedBytes(of url: URL) throws(CheckpointError) -> Data {
  do { return try Data(contentsOf: url, options: .alwaysMapped) } catch {
    throw .file(url.lastPathComponent, .unreadable(reason(error)))
  }
}

/// The system's words for an error, without the full stop that ends our own sentences.
package func reason(_ error: any Error) -> String {
  let words = error.localizedDescription
  return words.hasSuffix(".") ? String(words.dropLast()) : words
}

/// The words for the last error of the operating system.
private func systemReason() -> String { String(cString: strerror(errno)) }
