import Checkpoints
import Figures
import Foundation

/// Writes the figures of a demonstration, and its numbers to the folder `results` beside theirs.
///
/// The book takes its numbers from there.
func writeResults(
  _ figures: [(name: String, figure: any Figure)],
  _ numbers: some Sequence<(key: String, value: Double)>,
  named name: String, to folder: URL
) throws {
  for (name, figure) in figures {
    try figure.write(to: folder.appending(path: "\(name).svg"))
  }
  let results = folder.deletingLastPathComponent().appending(path: "results")
  try FileManager.default.createDirectory(at: results, withIntermediateDirectories: true)
  var members = JSONObject()
  for (key, number) in numbers.sorted(by: { $0.key < $1.key }) {
    members[key] = .number(number)
  }
  try AtomicFile.write(
    .object(members), to: results.appending(path: "\(name).json"))
}
