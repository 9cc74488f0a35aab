import Attention
import Checkpoints
import CommandLine
import Foundation
import MTP
import SmallV3
import Tensors
import Text

/// The experiments of chapter 10 that take minutes; each leaves a record in the folder `runs`.
///
/// The trainings by the recipe are not among them: they are those of `deepseek train --recipe v3`,
/// and conversations are taught by `deepseek fine-tune`.
struct SmallV3LongDemo {
  let seed: UInt64
  /// The folder of the figures; records go to `results/runs` beside it, or to `runs/records`.
  let figures: URL?

  private var records: SmallV3Records {
    let folder =
      figures?.deletingLastPathComponent().appending(path: "results/runs")
      ?? URL(fileURLWithPath: "runs/records")
    return SmallV3Records(folder: folder)
  }

  /// Runs all of them.
  mutating func run() throws {
    let packing = try PackingTrial(seed: seed).run { Console.print($0) }
    try records.write(packing, named: "packing-seed-\(seed)")

    var scaling = ScalingExperiment()
    scaling.seed = seed
    if let result = try scaling.run(report: { Console.print($0) }) {
      try records.write(ScalingRecord(result), named: "scaling-seed-\(seed)")
    }

    var needles = NeedleExperiment()
    needles.seed = seed
    let record = try needles.run(
      watch: { step, loss, share in
        Console.print("Step \(step): loss \(loss), \(share) found.")
      },
      report: { Console.print("\($0.name): short texts \($0.shortLoss), found \($0.shares)") })
    try records.write(record, named: "needles-seed-\(seed)")
    Console.print("The records are in \(records.folder.relativePath).")
  }
}

extension ScalingRecord {
  /// What an experiment came to.
  init(_ result: ScalingExperiment.Result) {
    func size(_ trained: ScalingExperiment.Trained) -> Size {
      Size(width: trained.width, weights: trained.weights, loss: trained.loss)
    }
    self.init(
      fitted: result.fitted.map(size), law: result.law, predicted: result.predicted,
      next: size(result.next), floor: result.floor)
  }
}

/// One model and one text, cut into rows in three ways.
struct PackingTrial {
  let seed: UInt64
  /// The steps of each training.
  var steps = 300

  init(seed: UInt64) { self.seed = seed }

  /// Trains three times and examines on whole documents.
  func run(report: (String) -> Void) throws -> PackingRecord {
    let text = PretrainingText.builtIn(bytes: 3_000_000)
    let base = NamedConfiguration.stories
    let tokenizer = try PretrainingTokens.tokenizer(
      learntFrom: text.sample, vocabularySize: base.alphabet.vocabularySize)
    var recipe = PretrainingRecipe.v3
    recipe.fillRate = 0
    var plan = recipe.plan(for: base, steps: steps)
    plan.seed = seed
    func data(isolates: Bool) throws -> PretrainingData {
      var recipe = recipe
      recipe.isolatesDocuments = isolates
      return try PretrainingData(
        text, tokenizer, recipe: recipe, length: plan.length, sequences: plan.sequences,
        seed: seed)
    }
    let whole = try data(isolates: true)
    let (begin, end) = (tokenizer.beginID ?? 0, tokenizer.endID ?? 1)
    let windows = try BatchSampler(
      tokens: text.training.flatMap { [begin] + tokenizer.encode($0) + [end] },
      sequences: plan.sequences, length: plan.length, generator: SplitMix64(seed: seed))
    let sources: [(String, any BatchSource)] = [
      ("windows", windows), ("crossing", try data(isolates: false).training),
      ("isolated", whole.training),
    ]
    let ways = try sources.map { name, source in
      var sizes = base.model
      sizes.vocabularySize = tokenizer.vocabularySize
      var trainer = Trainer(DeepSeekModel(sizes, seed: seed), plan: plan, batches: source)
      while !trainer.isFinished { _ = try trainer.takeStep() }
      let loss = trainer.model.evaluate(whole.validation) * whole.tokensPerByte
      report("Rows by \(name): \(loss) nats/byte.")
      return PackingRecord.Way(name: name, natsPerByte: loss)
    }
    return PackingRecord(seed: seed, steps: steps, floor: text.floor ?? .nan, ways: ways)
  }
}
