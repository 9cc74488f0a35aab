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

  /// Runs those whose records are not there.
  mutating func run() throws {
    let records = records
    let packing = "packing-seed-\(seed)"
    let begun = try records.record(packing, as: PackingRecord.self)
    try PackingTrial(seed: seed).run(after: begun?.ways ?? []) { record in
      if let way = record.ways.last {
        Console.print("Rows by \(way.name), \(way.steps) steps: \(way.natsPerByte) nats/byte.")
      }
      try records.write(record, named: packing)
    }
    try make("scaling-seed-\(seed)") {
      var scaling = ScalingExperiment()
      scaling.seed = seed
      return try scaling.run(report: { Console.print($0) })
    }
    try make("needles-seed-\(seed)") {
      var needles = NeedleExperiment()
      needles.seed = seed
      return try needles.run(
        watch: { step, loss, share in
          Console.print("Step \(step): loss \(loss), \(share) found.")
        },
        report: { Console.print("\($0.name): short texts \($0.shortLoss), found \($0.shares)") }
      )
    }
    Console.print("The records are in \(records.folder.relativePath).")
  }

  /// Writes what an experiment came to, unless it is there already.
  private func make<Record: Codable>(_ name: String, _ experiment: () throws -> Record?) throws
  {
    guard try records.record(name, as: Record.self) == nil, let record = try experiment() else {
      return
    }
    try records.write(record, named: name)
  }
}

/// One model and one text, cut into rows in three ways: as many steps, and as many tokens of
/// documents.
struct PackingTrial {
  let seed: UInt64
  /// The steps of each training.
  var steps = 300

  init(seed: UInt64) { self.seed = seed }

  /// Trains five times and examines on whole documents; goes on where a record ends.
  func run(after begun: [PackingRecord.Way], report: (PackingRecord) throws -> Void) throws {
    let text = PretrainingText.builtIn(bytes: 3_000_000)
    let base = NamedConfiguration.stories
    let tokenizer = try PretrainingTokens.tokenizer(
      learntFrom: text.sample, vocabularySize: base.alphabet.vocabularySize)
    var recipe = PretrainingRecipe.v3
    recipe.fillRate = 0
    func data(isolates: Bool) throws -> PretrainingData {
      var recipe = recipe
      recipe.isolatesDocuments = isolates
      return try PretrainingData(
        text, tokenizer, recipe: recipe, length: base.plan.length,
        sequences: base.plan.sequences, seed: seed)
    }
    let (whole, crossing) = (try data(isolates: true), try data(isolates: false).training)
    let (begin, end) = (tokenizer.beginID ?? 0, tokenizer.endID ?? 1)
    let windows = try BatchSampler(
      tokens: text.training.flatMap { [begin] + tokenizer.encode($0) + [end] },
      sequences: base.plan.sequences, length: base.plan.length,
      generator: SplitMix64(seed: seed))
    // Rows that are not full need more steps for the same tokens.
    let more = Int((Double(steps) / whole.training.fill).rounded())
    let trials: [(name: String, source: any BatchSource, steps: Int)] = [
      ("windows", windows, steps), ("crossing", crossing, steps),
      ("isolated", whole.training, steps), ("crossing-more", crossing, more),
      ("isolated-more", whole.training, more),
    ]
    var record = PackingRecord(seed: seed, floor: text.floor ?? .nan, ways: begun)
    for trial in trials where !begun.contains(where: { $0.name == trial.name }) {
      var (sizes, plan) = (base.model, recipe.plan(for: base, steps: trial.steps))
      sizes.vocabularySize = tokenizer.vocabularySize
      plan.seed = seed
      var trainer = Trainer(
        DeepSeekModel(sizes, seed: seed), plan: plan, batches: trial.source)
      while !trainer.isFinished { _ = try trainer.takeStep() }
      let loss = trainer.model.evaluate(whole.validation) * whole.tokensPerByte
      record.ways.append(.init(name: trial.name, steps: trial.steps, natsPerByte: loss))
      try report(record)
    }
  }
}
