import Checkpoints
import Distillation
import Foundation
import RL
import Text

/// The end of a distillation, for people and for programs.
struct DistillSummary {
  let model, student: String
  let parameters: Int
  let plan: DistillationPlan
  let samples: TeacherSamples?
  let steps, bestStep, tokens: Int
  let seconds: Double
  let before, after: ReasonerMarks

  /// The marks before and after, on problems that no training saw.
  var json: JSONValue {
    var controls = JSONObject()
    for kind in [TaskKind.sorting, .copying] {
      controls[kind.rawValue] = [
        "before": .number(before.control(kind)), "after": .number(after.control(kind)),
      ]
    }
    let gain = comparison.gain
    let interval: JSONValue = ["low": .number(gain.low), "high": .number(gain.high)]
    let result: JSONValue = [
      "before": ReasonSummary.json(before), "after": ReasonSummary.json(after),
      "controls": .object(controls), "gain": interval,
      "method": .string(plan.method.rawValue), "student": .string(student),
      "parameters": .integer(parameters), "seed": .integer(Int(truncatingIfNeeded: plan.seed)),
      "model": .string(model), "steps": .integer(steps), "best_step": .integer(bestStep),
      "tokens": .integer(tokens), "seconds": .number(seconds),
    ]
    guard let samples, var members = result.object else { return result }
    let kept: JSONValue = [
      "kept": .integer(samples.examples.count), "asked": .integer(samples.asked),
      "kept_share": .number(samples.keptShare), "tokens": .integer(samples.tokens),
    ]
    members["samples"] = kept
    return .object(members)
  }

  private var comparison: MarksComparison { MarksComparison(before: before, after: after) }

  /// What was done, and a table with a line for each kind of problem.
  var text: String {
    ([
      "After \(steps) steps and \(tokens) tokens by \(plan.method.rawValue) in \(Int(seconds)) s "
        + "the best student is that of step \(bestStep), in \(model)."
    ] + comparison.lines).joined(separator: "\n")
  }
}
