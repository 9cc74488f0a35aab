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

  /// By how much greedy accuracy grew: an interval of 95 % over the problems.
  private var gain: ShareInterval {
    func scores(_ marks: ReasonerMarks) -> [Double] {
      marks.sums.flatMap { $0.right.map { $0 ? 1 : 0 } }
    }
    return .pairedBootstrap(scores(before), scores(after))
  }

  /// A table with a line for each kind of problem.
  var text: String {
    var lines = [
      "After \(steps) steps and \(tokens) tokens by \(plan.method.rawValue) in \(Int(seconds)) s "
        + "the best student is that of step \(bestStep), in \(model).",
      "Held-out problems   greedy            pass@1            tokens",
    ]
    for (old, new) in zip(before.sums + before.controls, after.sums + after.controls) {
      let name = old.name.padding(toLength: 18, withPad: " ", startingAt: 0)
      lines.append(
        "\(name)  \(decimal(old.greedy)) → \(decimal(new.greedy))   "
          + "\(decimal(old.passAt1)) → \(decimal(new.passAt1))   "
          + "\(decimal(old.length)) → \(decimal(new.length))")
    }
    lines.append(
      "The greedy gain lies between \(decimal(gain.low)) and \(decimal(gain.high)) (95 %).")
    return lines.joined(separator: "\n")
  }
}
