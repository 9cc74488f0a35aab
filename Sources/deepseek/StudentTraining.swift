import Attention
import Checkpoints
import Distillation
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
    try Self.save(trainer, of: student, in: folder)
  }

  /// Takes the steps that are left, and saves the base.
  mutating func finish(resumingWith run: URL) throws -> SavedModel<LanguageModel> {
    let (folder, student) = (folder, student)
    try trainer.finishBase(
      "the base of \(student.name)", in: folder,
      toGoOn: "deepseek distill --resume \(run.relativePath)"
    ) { try Self.save($0, of: student, in: folder) }
    return try .open(folder)
  }

  private static func save(
    _ trainer: Trainer<LanguageModel>, of student: Student, in folder: URL
  ) throws {
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
