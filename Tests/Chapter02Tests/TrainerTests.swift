import Attention
import Checkpoints
import Foundation
import Tensors
import TestSupport
import Testing
import Text

@Suite struct `A trainer` {
  private let configuration = DecoderConfiguration.small(deviation: 0.1)

  @Test(arguments: TrainingPlan.Rule.allCases)
  func `takes steps with the same bits on any number of threads`(
    _ rule: TrainingPlan.Rule
  ) throws {
    // Wide enough that products, attention and optimizer are each cut over threads when alone.
    let wide = DecoderConfiguration(
      vocabularySize: 64, width: 96, feedForwardWidth: 160, layers: 2, heads: 4,
      keyValueHeads: 2)
    let tokens = testTokens(2000, below: 64)
    for shards in [1, 3] {
      var plan = TrainingPlan.small(rule, sequences: 4, length: 66)
      plan.shards = shards
      let courses = try [1, 2, 3, 8].map { threads in
        try Threads.with(threads) {
          var trainer = try Trainer(wide.model(seed: 1), plan: plan, tokens: tokens)
          return try trainer.run(3)
        }
      }
      for course in courses.dropFirst() { #expect(course == courses[0], "\(shards) shards") }
      #expect(courses[0].weights != wide.model(seed: 1).values)
    }
  }

  @Test func `reports the loss before the step, the norm and the rate`() throws {
    let model = configuration.model(seed: 1)
    var trainer = try Trainer(model, plan: .small(), tokens: toyText)
    var sampler = try BatchSampler(
      tokens: toyText, sequences: 4, length: 8, generator: SplitMix64(seed: 5))
    for step in 1...6 {
      let batch = sampler.next()
      let tape = Tape()
      let loss = model.loss(of: batch, on: tape)
      let norm = tape.gradients(of: loss).norm
      let report = try trainer.takeStep()
      #expect(report.step == step && report.tokens == 32 * step)
      #expect(abs(report.loss - Double(loss.value.scalar)) < 1e-5)
      #expect(abs(report.gradientNorm - Double(norm)) < 1e-4 * Double(norm))
      let factor = Schedule.cosine(warmup: 2).factor(step: step, of: 6)
      #expect(report.learningRate == Double(0.01 * factor))
    }
    #expect(trainer.isFinished && trainer.tokens == 192)
  }

  @Test(arguments: TrainingPlan.Rule.allCases)
  func `lowers the loss of a toy text`(_ rule: TrainingPlan.Rule) throws {
    var plan = TrainingPlan.small(rule, steps: 60, sequences: 8, length: 16)
    plan.clip = 1
    var trainer = try Trainer(configuration.model(seed: 1), plan: plan, tokens: toyText)
    let reports = try trainer.run(60).reports
    #expect(reports[0].loss > 3)
    // Only the first token of a phrase is uncertain: ln 3 once in four tokens, 0.28 a token.
    #expect(reports[59].loss < 1)
    let smoothed = try #require(trainer.smoothedLoss.value)
    #expect(smoothed > reports[59].loss && smoothed < reports[0].loss)
  }

  @Test(arguments: TrainingPlan.Rule.allCases)
  func `learns one batch by heart`(_ rule: TrainingPlan.Rule) throws {
    // A text of 17 tokens has one window of 16, so every step sees the same batch.
    let tokens = testTokens(17, below: 29, seed: 6)
    var plan = TrainingPlan.small(rule, steps: 120, sequences: 1, length: 16)
    plan.schedule = .constant(warmup: 5)
    plan.decay = 0
    plan.clip = 1
    var trainer = try Trainer(configuration.model(seed: 1), plan: plan, tokens: tokens)
    let reports = try trainer.run(120).reports
    #expect(reports[119].loss < 0.05)
    let continuation = trainer.model.generate(
      [Array(tokens[..<1])], count: 16, sampling: .greedy, seed: 0)
    #expect(continuation == [Array(tokens[1...])])
  }

  @Test func `stops at a loss that is not a number and leaves the weights`() throws {
    let model = configuration.model(seed: 1)
    let norm = try #require(model.parameter("model.norm.weight"))
    norm.value = Tensor(repeating: .nan, shape: norm.shape)
    let others = { model.values.filter { $0.key != "model.norm.weight" } }
    let before = others()
    var trainer = try Trainer(model, plan: .small(), tokens: toyText)
    do {
      _ = try trainer.takeStep()
      Issue.record("the step was taken")
    } catch {
      #expect(
        error.description
          == "Training stopped at step 1: the loss is nan, and no step can repair "
          + "that; try a lower rate or a longer warm-up.")
    }
    #expect(others() == before)
    #expect(trainer.step == 0 && trainer.smoothedLoss.value == nil)
  }

  @Test func `stops at a gradient that is not finite and names the weight`() throws {
    let failing = Overflowing()
    var trainer = try Trainer(failing, plan: .small(), tokens: toyText)
    do {
      _ = try trainer.takeStep()
      Issue.record("the step was taken")
    } catch {
      #expect(error == .gradientNotFinite(step: 1, norm: .infinity, weight: "steep"))
      #expect(
        error.description == "Training stopped at step 1: the gradient's norm is inf, first in "
          + "steep; try a lower rate or a longer warm-up.")
    }
    #expect(failing.parameters.map(\.value) == Overflowing().parameters.map(\.value))
  }

  @Test func `refuses a text that is shorter than a window`() {
    #expect(throws: CorpusError.tooFewTokens(count: 8, needed: 9)) {
      try Trainer(
        configuration.model(seed: 1), plan: .small(), tokens: Array(toyText[..<8]))
    }
  }

  @Test func `evaluates batches by their targets`() throws {
    let model = DecoderConfiguration.small(deviation: 0.3).unevenModel(seed: 1)
    let batches = try Batch.windows(of: Array(toyText[..<50]), length: 8, sequences: 4)
    #expect(batches.map(\.targetCount) == [32, 17])
    func sum(_ batch: Batch) -> Double {
      Double(model.loss(of: batch, on: Tape(recording: false), divisor: 1).value.scalar)
    }
    let mean = (sum(batches[0]) + sum(batches[1])) / 49
    #expect(abs(model.evaluate(batches) - mean) < 1e-5)
    #expect(model.evaluate([]) == 0)
    for threads in [1, 2, 3] {
      #expect(Threads.with(threads) { model.evaluate(batches) } == model.evaluate(batches))
    }
  }
}

/// A model whose loss, 1e5 · (1e35 x + y) at x = 1e-25, is finite while its slope 1e40 is not.
private struct Overflowing: TrainableModel {
  let flat = Parameter(Tensor([1], shape: [1]))
  let steep = Parameter(Tensor([1e-25], shape: [1]))

  var parts: KeyValuePairs<String, any Part> { ["flat": flat, "steep": steep] }

  func loss(of batch: Batch, in pass: Pass, divisor: Int) -> Variable {
    let large = pass.tape[steep] * 1e30 * 1e5
    return (large + pass.tape[flat]).sum() * 1e5
  }
}
