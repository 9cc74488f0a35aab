import Checkpoints
import Foundation
import SmallV3

/// Where a run lives, and what it must remember beside the model: `run.json`.
struct RunNotes: Codable {
  /// The text files, or nothing for the built-in corpus.
  var data: [String]
  var evaluateEvery: Int
  var saveEvery: Int
  /// The recipe, if the run has one.
  var recipe: PretrainingRecipe?
  /// What is done about faults; they are only said, if nothing is noted.
  var onSpike: SpikePolicy?

  private static let name = "run.json"

  func write(into folder: URL) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try AtomicFile.write(
      try encoder.encode(self), to: folder.appending(path: RunNotes.name))
  }

  /// The notes of a directory; nil when a training did not leave it.
  static func read(from folder: URL) throws -> RunNotes? {
    let file = folder.appending(path: name)
    guard FileManager.default.fileExists(atPath: file.path) else { return nil }
    guard let notes = try? JSONDecoder().decode(RunNotes.self, from: Data(contentsOf: file)),
      notes.evaluateEvery > 0, notes.saveEvery > 0
    else { throw Failure("\(file.relativePath) is not what a training wrote there.") }
    return notes
  }
}

/// The rule that no run writes over another.
enum RunFolder {
  /// The directory that was asked for, if it holds no model.
  static func checked(_ folder: URL) throws -> URL {
    let manager = FileManager.default
    if manager.fileExists(atPath: folder.appending(path: "config.json").path) {
      let path = folder.relativePath
      throw Failure(
        "\(path) holds a model already; choose another --out, or go on with --resume \(path).")
    }
    return folder
  }

  /// The first of runs/NAME, runs/NAME-2, runs/NAME-3 … that is not there.
  static func next(for name: String) -> URL {
    var (folder, number) = (URL(fileURLWithPath: "runs/\(name)"), 2)
    while FileManager.default.fileExists(atPath: folder.path) {
      folder = URL(fileURLWithPath: "runs/\(name)-\(number)")
      number += 1
    }
    return folder
  }
}
