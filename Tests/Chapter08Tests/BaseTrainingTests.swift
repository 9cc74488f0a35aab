import Attention
import Checkpoints
import Foundation
import MTP
import RL
import Tensors
import TestSupport
import Testing
import Text

@Suite struct `The training of a base` {
  private var plan: TrainingPlan {
    var plan = Reasoner.plan
    (plan.steps, plan.sequences, plan.rate) = (6, 8, 3e-3)
    plan.shards = 3
    return plan
  }

  private func trainer(_ plan: TrainingPlan) -> Trainer<DeepSeekModel> {
    Trainer(Reasoner.model.smaller, plan: plan, batches: Reasoner.examples(plan))
  }

  @Test func `has the same bits on any number of threads`() throws {
    let courses = try [1, 2].map { threads in
      try Threads.with(threads) {
        var trainer = trainer(plan)
        let losses = try (0..<3).map { _ in try trainer.takeStep().loss }
        return (losses, trainer.model.namedParameters.map(\.parameter.value))
      }
    }
    #expect(courses[0].0 == courses[1].0 && courses[0].1 == courses[1].1)
  }

  @Test func `continues bit for bit, and only with the same examples`() throws {
    var whole = trainer(plan)
    while !whole.isFinished { _ = try whole.takeStep() }
    var begun = trainer(plan)
    for _ in 0..<2 { _ = try begun.takeStep() }
    try withFolder { folder in
      try begun.writeState(into: folder)
      var continued = try Trainer(
        resuming: begun.model, from: folder, batches: Reasoner.examples(plan))
      while !continued.isFinished { _ = try continued.takeStep() }
      #expect(
        continued.model.namedParameters.map(\.parameter.value)
          == whole.model.namedParameters.map(\.parameter.value))
      #expect(throws: TrainingError.self) {
        try Trainer(
          resuming: begun.model, from: folder,
          batches: Reasoner.examples(plan, mix: .base(longThinking: 0.5)))
      }
    }
  }

  @Test func `has a mixture whose examples fit into the rows`() {
    var source = ExampleSource(.base(longThinking: 1), sequences: 400, length: 48, seed: 1)
    let batch = source.next()
    let ends = (0..<400).map { row in
      (0..<48).last { batch.targets[row * 48 + $0] != Batch.ignored } ?? 0
    }
    // Begin, user, eleven characters, assistant, think, twenty digits, end of thought, answer, end.
    #expect(ends.max() == 36, "the longest example has 38 tokens, of which 37 are places")
    #expect(ends == ends.sorted(), "rows of like length stand together")
  }

  @Test func `lowers the loss of the responses`() throws {
    var plan = plan
    (plan.steps, plan.sequences) = (60, 16)
    var trainer = trainer(plan)
    let losses = try (0..<60).map { _ in try trainer.takeStep().loss }
    let (first, last) = (losses.prefix(5).reduce(0, +), losses.suffix(5).reduce(0, +))
    #expect(last < 0.8 * first)
  }
}
