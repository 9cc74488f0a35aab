import Checkpoints
import Foundation
import SmallV3

/// The end of a fine-tuning, for people and for programs.
struct FineTuningSummary {
  let model: String
  let template: ChatTemplate
  let steps, conversations: Int
  let lossBefore, lossAfter: Double
  let marks: ChatMarks?

  var text: String {
    let rows = marks.map { marks in
      Exchange.Kind.allCases.filter { marks.count($0) > 0 }.map { kind in
        "  \(kind.rawValue.padding(toLength: 10, withPad: " ", startingAt: 0))"
          + "\(percent(marks.wellFormed(kind))) well-formed, "
          + "\(percent(marks.accuracy(kind))) right, of \(marks.count(kind))\n"
      }.joined()
    }
    return """
      Taught \(conversations) conversations in \(steps) steps.
      Loss of answers that were kept: \(decimal(lossBefore)) before, \(decimal(lossAfter)) after, \
      in nats/token.
      \(rows ?? "")
      The model is in \(model). Try next:
        swift run -c release deepseek chat --model \(model)
      """
  }

  private func percent(_ share: Double) -> String { String(format: "%3.0f %%", 100 * share) }

  var json: JSONValue {
    var members = JSONObject([
      ("model", .string(model)), ("template", .string(template.rawValue)),
      ("steps", .integer(steps)), ("conversations", .integer(conversations)),
      ("loss_before", .number(lossBefore)), ("loss_after", .number(lossAfter)),
    ])
    if let marks {
      members["marks"] = .object(
        JSONObject(
          Exchange.Kind.allCases.map { kind in
            let row: JSONValue = [
              "asked": .integer(marks.count(kind)),
              "well_formed": .number(marks.wellFormed(kind)),
              "right": .number(marks.accuracy(kind)),
            ]
            return (kind.rawValue, row)
          }))
    }
    return .object(members)
  }
}
