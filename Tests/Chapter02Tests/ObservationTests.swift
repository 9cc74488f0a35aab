import Attention
import Synchronization
import Tensors
import TestSupport
import Testing
import Text

extension Coefficient {
  fileprivate static let pull = Coefficient("pull", 0.25)
}

/// Predicts nothing: its loss is w, it pulls w² by a coefficient, and writes down what it is told.
private struct Diary: TrainableModel {
  final class Pages: Sendable {
    let seen = Mutex<[Observations]>([])
    let pulls = Mutex<[Float]>([])
  }

  let weight = Parameter(Tensor([3], shape: [1]))
  let pages = Pages()

  var parts: KeyValuePairs<String, any Part> { ["weight": weight] }

  func loss(of batch: Batch, in pass: Pass, divisor: Int) -> Variable {
    let w = pass.tape[weight].sum()
    pass.add(auxiliaryLoss: w * w * (pass[.pull] * pass.share))
    pass.observe(load: [batch.sequences, 0, 1], of: weight)
    pass.observe("rows", Double(batch.inputs.count))
    return w * (Float(batch.targetCount) / Float(divisor))
  }

  func adapt(to observations: Observations, _ coefficients: Coefficients) {
    pages.seen.withLock { $0.append(observations) }
    pages.pulls.withLock { $0.append(coefficients[.pull]) }
  }
}

@Suite struct `A step with layers that say more than their output` {
  private func step(shards: Int, _ coefficients: [String: Schedule] = [:]) throws
    -> (Diary, StepReport)
  {
    let model = Diary()
    var plan = TrainingPlan(
      steps: 4, sequences: 5, length: 8, rate: 0, schedule: .constant(), seed: 0)
    plan.shards = shards
    plan.coefficients = coefficients
    var trainer = try Trainer(model, plan: plan, tokens: Array(0..<100))
    return (model, try trainer.takeStep())
  }

  @Test(arguments: [1, 2, 3, 5])
  func `adds up over the shards to the whole batch`(shards: Int) throws {
    let (model, report) = try step(shards: shards)
    // w = 3: the loss is 3, and a quarter of 9 comes on top.
    #expect(abs(report.loss - 3) < 1e-6)
    #expect(abs(report.auxiliaryLoss - 2.25) < 1e-6)
    // The gradient belongs to both: 1 + 2 · 3 / 4.
    #expect(abs(report.gradientNorm - 2.5) < 1e-6)
    #expect(report.observations[model.weight] == [5, 0, shards])
    #expect(report.observations["rows"] == 40)
    #expect(report.observations["columns"] == nil)
  }

  @Test func `tells the model once, after the step`() throws {
    let (model, report) = try step(shards: 3)
    #expect(model.pages.seen.withLock { $0 } == [report.observations])
    #expect(model.pages.pulls.withLock { $0 } == [0.25])
  }

  @Test func `follows the plan's course of a coefficient`() throws {
    let falling = Schedule(phases: [
      Schedule.Phase(until: 0.5, at: 0.5), Schedule.Phase(until: 1, at: 0.1),
    ])
    let model = Diary()
    var plan = TrainingPlan(
      steps: 4, sequences: 2, length: 8, rate: 0, schedule: .constant(), seed: 0)
    plan.coefficients = [Coefficient.pull.name: falling]
    var trainer = try Trainer(model, plan: plan, tokens: Array(0..<100))
    let added = try (0..<4).map { _ in try trainer.takeStep().auxiliaryLoss }
    // At a border the later phase holds, so the second of four steps is the first of the new phase.
    expectClose(added.map(Float.init), [4.5, 0.9, 0.9, 0.9])
    #expect(model.pages.pulls.withLock { $0 } == [0.5, 0.1, 0.1, 0.1])
  }

  @Test func `keeps routers and numbers apart`() {
    let (one, other) = (Parameter(Tensor(1)), Parameter(Tensor(1)))
    let pass = Pass(Sequences(count: 1, length: 1), on: Tape())
    pass.observe(load: [1, 2], of: one)
    pass.observe(load: [5], of: other)
    pass.observe("a", 1)
    var sum = pass.observations
    sum.add(pass.observations)
    #expect(sum[one] == [2, 4] && sum[other] == [10] && sum["a"] == 2)
    #expect(sum.loads.map(\.counts) == [[2, 4], [10]])
    #expect(sum != pass.observations)
  }
}
