import Checkpoints
import Foundation
import SmallV3

/// What the monitor remembers and has found: `monitor.json`.
struct WatchState: Codable {
  var monitor: TrainingMonitor
  var record: GuardRecord

  private static let name = "monitor.json"

  func write(into folder: URL) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try AtomicFile.write(
      try encoder.encode(self), to: folder.appending(path: WatchState.name))
  }

  /// The state of a directory; nil when a run has left none.
  static func read(from folder: URL) throws -> WatchState? {
    let file = folder.appending(path: name)
    guard FileManager.default.fileExists(atPath: file.path) else { return nil }
    guard let state = try? JSONDecoder().decode(WatchState.self, from: Data(contentsOf: file))
    else { throw Failure("\(file.relativePath) is not what a training wrote there.") }
    return state
  }
}
