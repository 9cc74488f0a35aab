import Attention
import Checkpoints
import Foundation
import MTP
import SmallV3
import Tensors
import Testing
import Text

/// A text of phrases with one batch of noise in it.
private struct PoisonedSource: BatchSource {
  var generator = SplitMix64(seed: 1)
  var place = 0
  var fingerprint: UInt64 { 1 }
  /// The number of the batch that is noise.
  let poison: Int?

  mutating func next() -> Batch {
    defer { place += 1 }
    let isPoison = place == poison
    var own = generator.branch(UInt64(place))
    let tokens = (0..<8 * 33).map { index in
      isPoison ? Draw.below(200, using: &own) : (index % 33 + place) * 3 % 7 + 1
    }
    let rows = (0..<8).map { tokens[$0 * 33..<($0 + 1) * 33] }
    return Batch(
      inputs: rows.flatMap { $0.dropLast() }, targets: rows.flatMap { $0.dropFirst() },
      sequences: 8, length: 32)
  }
}

@Suite struct `A guarded trainer` {
  private var plan: TrainingPlan {
    var plan = NamedConfiguration.tinyV3.plan
    plan.steps = 90
    plan.rate = 0.01
    plan.schedule = .constant(warmup: 5)
    return plan
  }

  private func guarded(_ policy: SpikePolicy, poison: Int?) -> GuardedTrainer<DeepSeekModel> {
    GuardedTrainer(
      Trainer(
        DeepSeekModel(NamedConfiguration.tinyV3.model, seed: 2), plan: plan,
        batches: PoisonedSource(poison: poison)),
      monitor: TrainingMonitor(activeExperts: 2), policy: policy)
  }

  /// What a run came to: its losses by step, and the steps to which it went back.
  private func course(_ run: inout GuardedTrainer<DeepSeekModel>, keepEvery: Int = 20) throws
    -> (losses: [Double], returns: [Int])
  {
    var losses: [Double] = []
    var returns: [Int] = []
    while !run.trainer.isFinished {
      switch try run.takeStep() {
      case .took(let report, _):
        losses.append(report.loss)
        if report.step % keepEvery == 0 { run.keep() }
      case .wentBack(let step, _):
        returns.append(step)
        losses.removeLast(losses.count - step)
      }
    }
    return (losses, returns)
  }

  @Test func `survives a poisoned batch by going back and leaving it out`() throws {
    var run = guarded(.rollback, poison: 50)
    let (losses, returns) = try course(&run)
    #expect(returns == [40] && run.record.returns == 1)
    #expect(run.record.findings.map(\.kind) == [.spike] && run.record.findings[0].step == 51)
    #expect(losses.count == 90 && losses[40...].allSatisfy { $0 < losses[39] + 0.1 })
    let batches = run.trainer.snapshot()
    #expect(batches.step == 90)

    // Up to the kept state it is the run without poison, to the bit.
    var clean = guarded(.rollback, poison: nil)
    let (healthy, none) = try course(&clean)
    #expect(none.isEmpty && Array(losses[..<40]) == Array(healthy[..<40]))
    #expect(losses[89] < healthy[89] + 0.1)

    var warned = guarded(.warn, poison: 50)
    let (hurt, kept) = try course(&warned)
    #expect(kept.isEmpty && warned.record.findings.first?.step == 51)
    #expect(hurt[50] > 2 * hurt[49], "the poison is one")
  }

  @Test func `stops when it is told to, before the next step`() throws {
    var run = guarded(.stop, poison: 50)
    do {
      _ = try course(&run)
      Issue.record("it went on")
    } catch let fault as TrainingFault {
      #expect(fault.description.hasPrefix("Training stopped: The loss of step 51 is "))
    }
    #expect(run.trainer.step == 51)
  }

  @Test
  func `goes back from a weight that is not a number, and gives up when it does not help`()
    throws
  {
    var run = guarded(.rollback, poison: nil)
    for _ in 0..<10 { _ = try run.takeStep() }
    run.keep()
    let model = run.trainer.model
    let good = model.parameters[0].value
    model.parameters[0].value = Tensor(repeating: .nan, shape: good.shape)
    guard case .wentBack(let step, let finding) = try run.takeStep() else {
      Issue.record("it did not go back")
      return
    }
    #expect(step == 10 && finding.kind == .notFinite && model.parameters[0].value == good)

    // A state that is broken already cannot be gone back to.
    model.parameters[0].value = Tensor(repeating: .nan, shape: good.shape)
    run.keep()
    for _ in 0..<2 { _ = try run.takeStep() }
    #expect(throws: TrainingFault.self) { try run.takeStep() }
  }

  @Test func `restores a snapshot to the bit`() throws {
    var trainer = guarded(.warn, poison: nil).trainer
    for _ in 0..<5 { _ = try trainer.takeStep() }
    let snapshot = trainer.snapshot()
    let first = try (0..<5).map { _ in try trainer.takeStep() }
    let weights = trainer.model.parameters.map(\.value)
    trainer.restore(snapshot)
    let second = try (0..<5).map { _ in try trainer.takeStep() }
    #expect(first == second && trainer.model.parameters.map(\.value) == weights)
    trainer.restore(snapshot, skippingBatches: true)
    #expect(trainer.step == 5)
    #expect(try trainer.takeStep() != first[0], "other batches")
  }
}
