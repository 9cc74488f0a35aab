import Attention
import Checkpoints
import DualPipe
import MTP
import Tensors
import Testing
import Text

@Suite struct `A pipeline of integers` {
  private func pipeline(
    _ method: PipelineMethod, _ ranks: Int, _ microBatches: Int
  ) throws -> (pipeline: Pipeline, stack: IntegerStack, batch: Batch) {
    let schedule = try method.schedule(ranks: ranks, microBatches: microBatches)
    let stack = IntegerStack(stages: schedule.stages)
    let batch = Batch.uneven(sequences: microBatches + 1, length: 4, below: 11)
    return (try Pipeline(schedule, stages: stack.stages), stack, batch)
  }

  @Test(
    arguments: PipelineMethod.allCases, [(2, 4), (4, 8), (6, 12), (8, 16), (8, 24)])
  func `has the gradient of the plain run to the bit`(
    _ method: PipelineMethod, _ sizes: (ranks: Int, microBatches: Int)
  ) throws {
    var (pipeline, stack, batch) = try pipeline(method, sizes.ranks, sizes.microBatches)
    let plain = PlainRun(stack, batch, microBatches: sizes.microBatches)
    try #require(plain.gradients.isAliveEverywhere)
    let largest = plain.gradients.parameters.flatMap { plain.gradients[$0]?.scalars ?? [] }
    try #require((largest.map(abs).max() ?? 0) < Float(1 << 20), "sums stay far below 2²⁴")
    for capacity in [1, .max] {
      pipeline.wiring = .apart(capacity: capacity)
      let result = try pipeline.run(batch)
      #expect(result.losses == plain.losses)
      #expect(result.gradients.isSame(as: plain.gradients))
    }
  }

  @Test
  func
    `keeps of GPipe all chunks, of 1F1B as many as there are ranks ahead, of DualPipe one more than ranks`()
    throws
  {
    func mostChunks(_ method: PipelineMethod) throws -> [Int] {
      let (pipeline, _, batch) = try pipeline(method, 4, 12)
      return try pipeline.run(batch).mostChunks
    }
    #expect(try mostChunks(.gpipe) == [12, 12, 12, 12])
    #expect(try mostChunks(.oneForwardOneBackward) == [4, 3, 2, 1])
    #expect(try mostChunks(.dualPipe) == [5, 5, 5, 5])
  }

  @Test func `lets no more than h + 1 gradients of weights wait in DualPipe`() throws {
    let (pipeline, _, batch) = try pipeline(.dualPipe, 8, 16)
    #expect(try pipeline.run(batch).mostWaiting == [1, 2, 3, 4, 4, 3, 2, 1])
  }

  @Test func `sends one activation and one gradient for each micro-batch over each border`()
    throws
  {
    let (pipeline, _, batch) = try pipeline(.oneForwardOneBackward, 2, 4)
    // Five sequences of four rows, six numbers of four bytes each.
    let bytes = 5 * 4 * 6 * 4
    #expect(try pipeline.run(batch).traffic == [[0, bytes], [bytes, 0]])
    let (both, _, same) = try self.pipeline(.dualPipe, 2, 4)
    #expect(try both.run(same).traffic == [[0, bytes], [bytes, 0]])
  }

  @Test(arguments: PipelineMethod.allCases)
  func `goes forward only, when asked, with the same losses`(_ method: PipelineMethod) throws {
    let (_, stack, batch) = try pipeline(method, 4, 8)
    let schedule = try method.schedule(ranks: 4, microBatches: 8).forwardOnly
    let result = try Pipeline(schedule, stages: stack.stages).run(batch)
    #expect(result.losses == PlainRun(stack, batch, microBatches: 8).losses)
    #expect(result.gradients.parameters.isEmpty && result.mostChunks == [0, 0, 0, 0])
  }
}

@Suite struct `A pipeline of a small V3` {
  @Test(arguments: PipelineMethod.allCases, PipelineMethod.sizes)
  func `has the losses and the gradient of the plain run`(
    _ method: PipelineMethod, _ sizes: (ranks: Int, microBatches: Int)
  ) throws {
    let schedule = try method.schedule(ranks: sizes.ranks, microBatches: sizes.microBatches)
    // One layer more than stages, so that one stage is longer than the others.
    let model = DeepSeekModel(.tinyV3(layers: schedule.stages + 1), seed: 1)
    let batch = Batch.uneven(sequences: sizes.microBatches + 1, below: 37)
    let plain = PlainRun(model, batch, microBatches: sizes.microBatches)
    let pipeline = try Pipeline(schedule, stages: model.stages(schedule.stages))
    let result = try pipeline.run(batch)
    #expect(result.losses == plain.losses)
    #expect(result.objective == plain.objective)
    #expect(result.observations == plain.observations)
    let gradients = result.gradients
    // The order decides the bits of the norm, and so of a clipped step.
    #expect(
      gradients.parameters.map(ObjectIdentifier.init)
        == plain.gradients.parameters.map(ObjectIdentifier.init))
    #expect(gradients.distance(to: plain.gradients) < 1e-13)
    let embedding = model.language.body.embedding.weight
    for parameter in gradients.parameters where method.keepsOrder && parameter !== embedding {
      #expect(gradients[parameter] == plain.gradients[parameter])
    }
    #expect(try pipeline.run(batch).gradients.isSame(as: gradients), "whatever the threads did")
  }

  @Test(arguments: [0, 1, 2])
  func `has the losses of all prediction modules on its last stage`(_ predictors: Int) throws {
    let model = DeepSeekModel(.tinyV3(layers: 4, predictors: predictors), seed: 2)
    let batch = Batch.uneven(sequences: 8, below: 37)
    let plain = PlainRun(model, batch, microBatches: 8)
    let schedule = try PipelineSchedule.dualPipe(ranks: 4, microBatches: 8)
    let result = try Pipeline(schedule, stages: model.stages(of: [1, 1, 1, 1])).run(batch)
    #expect(result.observations == plain.observations)
    #expect(result.observations.numbers.count == predictors)
    #expect(result.objective == plain.objective)
    #expect(result.gradients.distance(to: plain.gradients) < 1e-13)
  }

  @Test(arguments: [[1, 4], [4, 1], [2, 3]])
  func `may be cut anywhere`(_ cut: [Int]) throws {
    let model = DeepSeekModel(.tinyV3(layers: 5, predictors: 0), seed: 3)
    let batch = Batch.uneven(sequences: 4, below: 37)
    let plain = PlainRun(model, batch, microBatches: 4)
    let schedule = try PipelineSchedule.gpipe(ranks: 2, microBatches: 4)
    let result = try Pipeline(schedule, stages: model.stages(of: cut)).run(batch)
    #expect(result.losses == plain.losses)
    #expect(result.gradients.isSame(as: plain.gradients))
  }

  @Test func `reads the coefficients of the step`() throws {
    let model = DeepSeekModel(.tinyV3(layers: 2), seed: 4)
    let batch = Batch.uneven(sequences: 4, below: 37)
    var coefficients = Coefficients()
    coefficients[.predictionWeight] = 2
    let plain = PlainRun(model, batch, microBatches: 4, coefficients)
    let schedule = try PipelineSchedule.dualPipe(ranks: 2, microBatches: 4)
    let pipeline = try Pipeline(schedule, stages: model.stages(2))
    #expect(try pipeline.run(batch, coefficients).objective == plain.objective)
    #expect(try pipeline.run(batch).objective != plain.objective)
  }
}
