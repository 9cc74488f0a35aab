import Attention
import Checkpoints
import DualPipe
import Foundation
import MTP
import Synchronization
import Tensors
import Testing
import Text

@Suite struct `Training by pipeline` {
  private let sizes = NamedConfiguration.tinyV3.model
  private let tokens: [Int] = {
    var generator = SplitMix64(seed: 8)
    let phrases = ["the cat ", "sat on ", "a mat. "].map { $0.utf8.map(Int.init) }
    return (0..<60).flatMap { _ in phrases[Int(generator.next() % 3)] }
  }()
  private let plan: TrainingPlan = {
    var plan = NamedConfiguration.tinyV3.plan
    plan.steps = 6
    plan.length = 12
    plan.shards = 4
    return plan
  }()
  private let dualPipe: PipelineGradients

  init() throws {
    dualPipe = PipelineGradients(try .dualPipe(ranks: 2, microBatches: 4))
  }

  private func values(_ model: DeepSeekModel) -> [Tensor] { model.parameters.map(\.value) }

  @Test func `by GPipe cannot be told from training by shards`() throws {
    // Without a module no weight is on two stages, and every sum has the order of the shards.
    var sizes = sizes
    sizes.predictors = 0
    var shards = try Trainer(DeepSeekModel(sizes, seed: 1), plan: plan, tokens: tokens)
    var stages = try Trainer(
      DeepSeekModel(sizes, seed: 1), plan: plan, tokens: tokens,
      gradients: PipelineGradients(.gpipe(ranks: 2, microBatches: 4)))
    while !shards.isFinished {
      let (one, other) = (try shards.takeStep(), try stages.takeStep())
      #expect(one.loss == other.loss && one.auxiliaryLoss == other.auxiliaryLoss)
      #expect(one.gradientNorm == other.gradientNorm)
      #expect(one.observations.loads.map(\.counts) == other.observations.loads.map(\.counts))
    }
    #expect(values(stages.model) == values(shards.model))
  }

  @Test func `by DualPipe follows training by shards as closely as rounding lets it`() throws {
    var shards = try Trainer(DeepSeekModel(sizes, seed: 1), plan: plan, tokens: tokens)
    var stages = try Trainer(
      DeepSeekModel(sizes, seed: 1), plan: plan, tokens: tokens, gradients: dualPipe)
    let first = values(stages.model)
    while !shards.isFinished {
      let (one, other) = (try shards.takeStep(), try stages.takeStep())
      #expect(abs(one.loss - other.loss) < 1e-4)
      #expect(abs(one.auxiliaryLoss - other.auxiliaryLoss) < 1e-4)
    }
    #expect(values(stages.model) != first)
  }

  @Test func `continues after a rank has failed, from the last checkpoint, bit for bit`() throws
  {
    var whole = try Trainer(
      DeepSeekModel(sizes, seed: 1), plan: plan, tokens: tokens, gradients: dualPipe)
    var reports: [StepReport] = []
    while !whole.isFinished { reports.append(try whole.takeStep()) }

    // Rank 1 counts its operations; in the fourth step it fails.
    let perStep = dualPipe.schedule.plan[1].count
    let count = Counter()
    var failing = dualPipe
    failing.probe = { rank, _ in
      if rank == 1, count.next() == 3 * perStep + 2 { throw Outage() }
    }
    try withFolder { folder in
      var begun = try Trainer(
        DeepSeekModel(sizes, seed: 1), plan: plan, tokens: tokens, gradients: failing)
      for _ in 0..<2 { _ = try begun.takeStep() }
      try SavedModel(
        configuration: sizes, model: begun.model, tokenizer: .bytes(),
        generation: GenerationConfiguration()
      ).write(into: folder)
      try begun.writeState(into: folder)
      _ = try begun.takeStep()
      let before = values(begun.model)
      #expect(
        complaint { try begun.takeStep() }
          == "Training stopped at step 4, whose gradient could not be computed: "
          + "Rank 1 failed, and the others stopped: the power is gone.")
      #expect(values(begun.model) == before && begun.step == 3)

      let opened = try SavedModel<DeepSeekModel>(opening: folder)
      var resumed = try Trainer(
        resuming: opened.model, from: folder, tokens: tokens, gradients: dualPipe)
      #expect(resumed.step == 2)
      for report in reports[2...] {
        let again = try resumed.takeStep()
        #expect(again.loss == report.loss && again.gradientNorm == report.gradientNorm)
      }
      #expect(values(opened.model) == values(whole.model))
    }
  }

  @Test func `needs a layer for each stage`() throws {
    var trainer = try Trainer(
      DeepSeekModel(sizes, seed: 1), plan: plan, tokens: tokens,
      gradients: PipelineGradients(.gpipe(ranks: 3, microBatches: 4)))
    #expect(
      complaint { try trainer.takeStep() }
        == "Training stopped at step 1, whose gradient could not be computed: "
        + "A model of 2 layers cannot be cut into 3 stages: each needs a layer.")
  }
}

/// Counts calls from any thread.
private final class Counter: Sendable {
  private let count = Mutex(0)

  func next() -> Int {
    count.withLock {
      $0 += 1
      return $0
    }
  }
}
