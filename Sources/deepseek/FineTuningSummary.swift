import Checkpoints
import Foundation
import SmallV3

/// The end of a fine-tuning, for people and for programs.
struct FineTuningSummary {
  let model: String
  let template: ChatTemplate
  let steps, conversations: Int
  /// Nats per token of the answers that were kept; nil where none was.
  let lossBefore, lossAfter: Double?
  let marksBefore, marks: [String: ChatMarks.Row]?

  var text: String {
    let rows = kinds.compactMap { kind in
      marks?[kind].map { row in
        "  \(kind.padding(toLength: 10, withPad: " ", startingAt: 0))"
          + "\(percent(row.wellFormed)) well-formed, \(percent(row.right)) right, "
          + "of \(row.asked)\(before(kind))\n"
      }
    }.joined()
    let losses =
      lossBefore.flatMap { before in
        lossAfter.map {
          "Loss of answers that were kept: \(decimal(before)) before, \(decimal($0)) after, "
            + "in nats/token."
        }
      } ?? "No conversation was kept to look at: that takes ten."
    return """
      Taught \(conversations) conversations in \(steps) steps.
      \(losses)
      \(rows)
      The model is in \(model). Try next:
        swift run -c release deepseek chat --model \(model)
      """
  }

  private var kinds: [String] { Exchange.Kind.allCases.map(\.rawValue) }

  private func before(_ kind: String) -> String {
    marksBefore?[kind].map {
      "; before \(percent($0.wellFormed)) and \(percent($0.right))"
    } ?? ""
  }

  private func percent(_ share: Double) -> String { String(format: "%3.0f %%", 100 * share) }

  var json: JSONValue {
    var members = JSONObject([
      ("model", .string(model)), ("template", .string(template.rawValue)),
      ("steps", .integer(steps)), ("conversations", .integer(conversations)),
    ])
    if let lossBefore { members["loss_before"] = .number(lossBefore) }
    if let lossAfter { members["loss_after"] = .number(lossAfter) }
    if let marksBefore { members["marks_before"] = table(marksBefore) }
    if let marks { members["marks"] = table(marks) }
    return .object(members)
  }

  private func table(_ marks: [String: ChatMarks.Row]) -> JSONValue {
    .object(
      JSONObject(
        kinds.compactMap { kind in
          marks[kind].map { row in
            let numbers: JSONValue = [
              "asked": .integer(row.asked), "well_formed": .number(row.wellFormed),
              "right": .number(row.right),
            ]
            return (kind, numbers)
          }
        }))
  }
}
