import Attention
import Checkpoints
import CommandLine
import Figures
import Foundation
import MTP
import RL
import Tensors
import Text

/// The training of a base for reasoning: a small V3 on examples of which few show their thoughts.
struct BaseTraining {
  let folder: URL
  var trainer: Trainer<DeepSeekModel>

  /// Begins a training.
  init(in folder: URL, for task: TaskKind, steps: Int?, seed: UInt64) throws {
    var plan = Reasoner.plan
    plan.steps = steps ?? plan.steps
    plan.seed = seed
    self.folder = folder
    trainer = Trainer(
      DeepSeekModel(Reasoner.model, seed: seed), plan: plan,
      batches: Reasoner.examples(plan, mix: Self.mix(for: task)))
    _ = try ModelDirectory(creating: folder)
    try save()
  }

  /// Continues a training that was interrupted; nothing is left to do if it was not.
  init(resuming folder: URL, for task: TaskKind) throws {
    let saved = try SavedModel<DeepSeekModel>.open(folder)
    let plan = try Trainer<DeepSeekModel>.plan(in: folder)
    self.folder = folder
    trainer = try Trainer(
      resuming: saved.model, from: folder,
      batches: Reasoner.examples(plan, mix: Self.mix(for: task)))
  }

  private static func mix(for task: TaskKind) -> TaskMix {
    task == .multiplication ? .productsBase() : .base()
  }

  /// Takes the steps that are left, and saves the base.
  mutating func finish(resumingWith run: URL) throws -> SavedModel<DeepSeekModel> {
    let plan = trainer.plan
    if !trainer.isFinished {
      Console.log(
        "Training a base of \(trainer.model.parameterCount) weights: steps \(trainer.step + 1) to "
          + "\(plan.steps) of \(plan.sequences) examples, seed \(plan.seed), into "
          + "\(folder.relativePath).")
    }
    let progress = ProgressLine(from: trainer.step, of: plan.steps, unit: "examples")
    let before = trainer.step
    while !trainer.isFinished {
      if Interrupt.isRequested {
        progress.finish()
        try save()
        throw Interrupted(
          "Interrupted after step \(trainer.step) of \(plan.steps) of the base; saved in "
            + "\(folder.relativePath).\nGo on with: deepseek reason --resume \(run.relativePath)"
        )
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
      configuration: Reasoner.model, model: trainer.model,
      tokenizer: TaskAlphabet.standard.tokenizer, generation: Self.generation(for: .standard))
    try ModelDirectory(opening: folder).save { staging in
      try saved.write(into: staging)
      try trainer.writeState(into: staging)
    }
  }

  /// How the models of this command are sampled when nothing else is said.
  static func generation(for alphabet: TaskAlphabet) -> GenerationConfiguration {
    GenerationConfiguration(
      samples: true, temperature: 1, topP: 1, beginToken: alphabet.begin,
      endTokens: [alphabet.end])
  }
}
