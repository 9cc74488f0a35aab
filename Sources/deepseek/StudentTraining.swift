import Attention
import Checkpoints
import CommandLine
import Distillation
import Figures
import Foundation
import RL
import Tensors

/// The training of a student's base, which reads the tasks and hardly a long thought.
struct StudentTraining {
  let folder: URL
  let student: Student
  var trainer: Trainer<LanguageModel>

  /// Begins a training, or continues the one of a folder.
  init(_ student: Student, in folder: URL, steps: Int?, seed: UInt64) throws {
    self.folder = folder
    self.student = student
    if RunFolder.holds("trainer.json", folder) {
      let saved = try SavedModel<LanguageModel>.open(folder)
      let plan = try Trainer<LanguageModel>.plan(in: folder)
      trainer = try Trainer(
        resuming: saved.model, from: folder, batches: Student.examples(plan))
      return
    }
    let plan = student.plan(steps: steps, seed: seed)
    trainer = Trainer(
      LanguageModel(student.model, seed: seed), plan: plan, batches: Student.examples(plan))
    _ = try ModelDirectory(creating: folder)
    try save()
  }

  /// Takes the steps that are left, and saves the base.
  mutating func finish() throws -> SavedModel<LanguageModel> {
    let plan = trainer.plan
    if !trainer.isFinished {
      Console.log(
        "Training the base of \(student.name), \(trainer.model.parameterCount) weights: steps "
          + "\(trainer.step + 1) to \(plan.steps) of \(plan.sequences) examples, seed "
          + "\(plan.seed), into \(folder.relativePath).")
    }
    let progress = ProgressLine(from: trainer.step, of: plan.steps, unit: "examples")
    let before = trainer.step
    while !trainer.isFinished {
      if Interrupt.isRequested {
        progress.finish()
        try save()
        throw Interrupted(
          "Interrupted after step \(trainer.step) of \(plan.steps) of the base.")
      }
      let report = try trainer.takeStep()
      progress.update(
        step: report.step, values: ["loss": trainer.smoothedLoss.value ?? report.loss],
        done: Double((report.step - before) * plan.sequences))
      if report.step % 200 == 0 || trainer.isFinished { try save() }
    }
    progress.finish()
    return try .open(folder)
  }

  private func save() throws {
    let saved = SavedModel(
      configuration: student.model, model: trainer.model,
      tokenizer: TaskAlphabet.standard.tokenizer,
      generation: BaseTraining.generation(for: .standard))
    try ModelDirectory(opening: folder).save { staging in
      try saved.write(into: staging)
      try trainer.writeState(into: staging)
    }
  }
}
