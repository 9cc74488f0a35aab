import Attention
import CommandLine
import Figures
import Foundation

extension Trainer {
  /// Takes the steps of a base that are left, saving it now and then and when it is interrupted.
  /// - Parameters:
  ///   - name: what is trained.
  ///   - command: how an interrupted training goes on.
  ///   - save: writes the model and what the next step needs.
  mutating func finishBase(
    _ name: String, in folder: URL, toGoOn command: String, save: (Self) throws -> Void
  ) throws {
    if !isFinished {
      Console.log(
        "Training \(name), \(model.parameterCount) weights: steps \(step + 1) to \(plan.steps) of "
          + "\(plan.sequences) examples, seed \(plan.seed), into \(folder.relativePath).")
    }
    let progress = ProgressLine(from: step, of: plan.steps, unit: "examples")
    let before = step
    while !isFinished {
      if Interrupt.isRequested {
        progress.finish()
        try save(self)
        throw Interrupted(
          "Interrupted after step \(step) of \(plan.steps) of the base; saved in "
            + "\(folder.relativePath).\nGo on with: \(command)")
      }
      let report = try takeStep()
      progress.update(
        step: report.step, values: ["loss": smoothedLoss.value ?? report.loss],
        done: Double((report.step - before) * plan.sequences))
      if report.step % 200 == 0 || isFinished { try save(self) }
    }
    progress.finish()
  }
}
