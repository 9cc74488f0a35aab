import Attention
import Checkpoints
import Foundation

/// What a run remembers in a JSON file, beside the weights and the optimizer.
package protocol StoredState: Codable {
  /// Whether its numbers make sense; a file might hold any.
  var isPossible: Bool { get }
}

extension StoredState {
  /// Writes it, the names in order.
  package func write(to file: URL) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try AtomicFile.write(try encoder.encode(self), to: file)
  }

  /// Reads what `write` has left.
  /// - Parameter kind: whose state it should be, for the sentence that says that it is not.
  package static func read(from file: URL, of kind: String = "a run") throws -> Self {
    guard let data = try? Data(contentsOf: file) else {
      throw TrainingError.cannotResume(
        file: file.path, rule: "there is no such file, so there is no run to resume")
    }
    guard let state = try? JSONDecoder().decode(Self.self, from: data) else {
      throw TrainingError.cannotResume(
        file: file.path, rule: "it is not the state of \(kind)")
    }
    guard state.isPossible else {
      throw TrainingError.cannotResume(file: file.path, rule: "its numbers make no plan")
    }
    return state
  }
}
