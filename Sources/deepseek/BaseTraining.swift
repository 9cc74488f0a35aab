import Attention
import Checkpoints
import CommandLine
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
    try Self.save(trainer, in: folder)
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
    let folder = folder
    try trainer.finishBase(
      "a base", in: folder, toGoOn: "deepseek reason --resume \(run.relativePath)"
    ) { try Self.save($0, in: folder) }
    return try .open(folder)
  }

  private static func save(_ trainer: Trainer<DeepSeekModel>, in folder: URL) throws {
    let saved = SavedModel(
      configuration: Reasoner.model, model: trainer.model,
      tokenizer: TaskAlphabet.standard.tokenizer, generation: generation(for: .standard))
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
