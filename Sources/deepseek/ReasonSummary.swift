import Checkpoints
import Foundation
import RL
import Text

/// The end of a run, for people and for programs.
struct ReasonSummary {
  let model: String
  let updates, bestUpdate: Int
  let seconds: Double
  let before, after: ReasonerMarks
  let probes: ThinkingMarks?

  private static let controls: [TaskKind] = [.sorting, .copying]

  /// The marks before and after, on problems that no training saw.
  var json: JSONValue {
    var controls = JSONObject()
    for kind in Self.controls {
      controls[kind.rawValue] = [
        "before": .number(before.control(kind)), "after": .number(after.control(kind)),
      ]
    }
    let result: JSONValue = [
      "before": Self.json(before), "after": Self.json(after), "controls": .object(controls),
      "gain": Self.json(comparison.gain), "model": .string(model), "updates": .integer(updates),
      "best_update": .integer(bestUpdate), "seconds": .number(seconds),
    ]
    guard let probes, var members = result.object else { return result }
    members["probes"] = Self.json(probes)
    return .object(members)
  }

  private var comparison: MarksComparison { MarksComparison(before: before, after: after) }

  private static func json(_ interval: ShareInterval) -> JSONValue {
    ["low": .number(interval.low), "high": .number(interval.high)]
  }

  static func json(_ marks: ReasonerMarks) -> JSONValue {
    [
      "greedy": .number(marks.mean(\.greedy)), "pass_at_1": .number(marks.mean(\.passAt1)),
      "pass_at_8": .number(marks.mean(\.passAt8)),
      "cons_at_8": .number(marks.mean(\.consensus)),
      "length": .number(marks.mean(\.length)),
      "greedy_length": .number(marks.mean(\.greedyLength)),
      "valid": .number(marks.mean(\.valid)),
      "sums": .array(marks.sums.map(json)), "controls": .array(marks.controls.map(json)),
    ]
  }

  private static func json(_ part: ReasonerMarks.Part) -> JSONValue {
    [
      "task": .string(part.name), "problems": .integer(part.problems),
      "greedy": .number(part.greedy), "low": .number(part.low), "high": .number(part.high),
      "greedy_length": .number(part.greedyLength), "pass_at_1": .number(part.passAt1),
      "pass_at_8": .number(part.passAt8), "cons_at_8": .number(part.consensus),
      "length": .number(part.length), "valid": .number(part.valid),
    ]
  }

  private static func json(_ probes: ThinkingMarks) -> JSONValue {
    let cuts = probes.cuts.map { cut -> JSONValue in
      ["tokens": .integer(cut.tokens), "right": .number(cut.right)]
    }
    return [
      "size": .integer(probes.size), "problems": .integer(probes.problems),
      "thinking": .number(probes.thinking), "direct": .number(probes.direct),
      "cuts": .array(cuts), "filler": .number(probes.filler),
      "votes": .integer(probes.votes), "vote": .number(probes.vote),
      "followed": .number(probes.followed),
      "right_after_false": .number(probes.rightAfterFalse),
    ]
  }

  /// What was done, and a table with a line for each kind of problem.
  var text: String {
    ([
      "After \(updates) updates in \(Int(seconds)) s the best policy is that of update "
        + "\(bestUpdate), in \(model)."
    ] + comparison.lines).joined(separator: "\n")
  }
}
