import Attention
import Checkpoints
import Foundation
import MTP
import RL
import SmallR1

/// The training of a base that reads and writes two tongues.
struct BilingualBaseTraining {
  let folder: URL
  var trainer: Trainer<DeepSeekModel>

  /// Begins a training, or continues the one of a folder.
  init(in folder: URL, steps: Int?, seed: UInt64) throws {
    self.folder = folder
    if RunFolder.holds("trainer.json", folder) {
      let saved = try SavedModel<DeepSeekModel>.open(folder)
      let plan = try Trainer<DeepSeekModel>.plan(in: folder)
      trainer = try Trainer(
        resuming: saved.model, from: folder, batches: BilingualBase.examples(plan))
      return
    }
    var plan = BilingualBase.plan
    plan.steps = steps ?? plan.steps
    plan.seed = seed
    trainer = Trainer(
      DeepSeekModel(BilingualBase.model, seed: seed), plan: plan,
      batches: BilingualBase.examples(plan))
    _ = try ModelDirectory(creating: folder)
    try Self.save(trainer, in: folder)
  }

  /// Takes the steps that are left, and saves the base.
  mutating func finish(toGoOn command: String) throws {
    let folder = folder
    try trainer.finishBase("a base in two tongues", in: folder, toGoOn: command) {
      try Self.save($0, in: folder)
    }
  }

  private static func save(_ trainer: Trainer<DeepSeekModel>, in folder: URL) throws {
    let saved = SavedModel(
      configuration: BilingualBase.model, model: trainer.model,
      tokenizer: TaskAlphabet.bilingual.tokenizer,
      generation: BaseTraining.generation(for: .bilingual))
    try ModelDirectory(opening: folder).save { staging in
      try saved.write(into: staging)
      try trainer.writeState(into: staging)
    }
  }
}
