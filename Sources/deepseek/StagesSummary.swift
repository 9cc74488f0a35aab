import Foundation
import SmallR1

/// The end of the making of a small R1, for people and for programs.
struct StagesSummary {
  let record: PipelineRecord
  let model: String

  /// The record as JSON.
  func json() throws -> String {
    String(decoding: try RunFolder.data(record), as: UTF8.self)
  }

  /// A line for each mark, a column for each model.
  var text: String {
    func cell(_ text: String) -> String {
      String(repeating: " ", count: max(0, 9 - text.count)) + text
    }
    let head =
      "".padding(toLength: 12, withPad: " ", startingAt: 0)
      + record.models.map { cell($0.name) }.joined()
    let rows = StageTable.marks.map { mark in
      mark.name.padding(toLength: 12, withPad: " ", startingAt: 0)
        + record.models.map { cell(decimal(mark.of($0.marks))) }.joined()
    }
    let seconds = String(format: "%.0f", record.seconds)
    return ([head] + rows + ["After \(seconds) s the last model is in \(model)."])
      .joined(separator: "\n")
  }
}
