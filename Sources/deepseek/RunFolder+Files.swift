import Checkpoints
import Foundation

/// The small files that a run leaves beside its models.
extension RunFolder {
  static func holds(_ name: String, _ folder: URL) -> Bool {
    FileManager.default.fileExists(atPath: folder.appending(path: name).path)
  }

  static func write(_ value: some Encodable, _ name: String, in folder: URL) throws {
    try AtomicFile.write(data(value), to: folder.appending(path: name))
  }

  static func read<Value: Decodable>(_ name: String, in folder: URL) throws -> Value {
    let file = folder.appending(path: name)
    guard let data = try? Data(contentsOf: file) else {
      throw Failure(
        "\(folder.relativePath) holds no run that could be resumed: it has no \(name).")
    }
    guard let value = try? JSONDecoder().decode(Value.self, from: data) else {
      throw Failure("\(file.relativePath) is not what a run wrote there.")
    }
    return value
  }

  /// The whole lines of a file; a kill may have torn the last one.
  static func lines<Line: Decodable>(_ name: String, in folder: URL) throws -> [Line] {
    guard holds(name, folder) else { return [] }
    return try Data(contentsOf: folder.appending(path: name))
      .split(separator: UInt8(ascii: "\n"))
      .compactMap { try? JSONDecoder().decode(Line.self, from: $0) }
  }

  /// Starts a file with the lines that are known.
  static func start(
    _ name: String, in folder: URL, with lines: [some Encodable]
  ) throws -> FileHandle {
    let url = folder.appending(path: name)
    try lines.map { try line($0) }.reduce(Data(), +).write(to: url, options: .atomic)
    let file = try FileHandle(forWritingTo: url)
    try file.seekToEnd()
    return file
  }

  static func line(_ value: some Encodable) throws -> Data {
    try data(value) + Data("\n".utf8)
  }

  /// A value as JSON, with its keys in order.
  static func data(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    return try encoder.encode(value)
  }
}
