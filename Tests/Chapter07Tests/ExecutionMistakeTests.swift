import Attention
import Checkpoints
import DualPipe
import MTP
import Tensors
import Testing
import Text

@Suite struct `A mistake in a pipeline` {
  private let batch = Batch.uneven(sequences: 12, length: 4, below: 11)

  /// A pipeline of integers whose plan somebody has changed.
  private func pipeline(
    ranks: Int = 4, microBatches: Int = 8, _ method: PipelineMethod = .dualPipe,
    _ change: (inout [[DualPipe.Operation]]) -> Void = { _ in }
  ) throws -> Pipeline {
    let right = try method.schedule(ranks: ranks, microBatches: microBatches)
    var plan = right.plan
    change(&plan)
    return try Pipeline(
      PipelineSchedule(name: right.name, placement: right.placement, plan: plan),
      stages: IntegerStack(stages: right.stages).stages)
  }

  @Test func `is not there when nobody makes one`() throws {
    let pipeline = try pipeline()
    #expect(complaint { try pipeline.run(batch) } == nil)
  }

  @Test func `is to forget one copy of each stage, or to take the mean of both`() throws {
    let pipeline = try pipeline()
    let result = try pipeline.run(batch)
    let whole = result.gradients
    for way in 0...1 {
      var half = Gradients()
      for (copy, gradients) in result.copies where copy.way == way { half.add(gradients) }
      #expect(half.distance(to: whole) > 1e-3)
    }
    var mean = whole
    mean.scale(by: 0.5)
    #expect(mean.distance(to: whole) > 0.1)
    #expect(result.copies.count == 8)
  }

  @Test func `is to hand all tokens to one end`() throws {
    var pipeline = try pipeline()
    pipeline.wiring.feed = { placement, _ in [placement.routes[0][0]] }
    #expect(
      complaint { try pipeline.run(batch) }
        == "Rank 3 failed, and the others stopped: Rank 3 works on micro-batch 4 at stage 0, "
        + "an end of the pipeline, but was not given the tokens.")
  }

  /// DualPipe as it would be if the upper ranks called the ways as the lower ranks do.
  private func unflipped(ranks: Int) throws -> Pipeline {
    let count = 2 * ranks
    func other(_ chunk: Chunk) -> Chunk {
      Chunk(
        stage: ranks - 1 - chunk.stage, microBatch: (chunk.microBatch + count / 2) % count)
    }
    return try pipeline(ranks: ranks, microBatches: count) { plan in
      for rank in ranks / 2..<ranks {
        plan[rank] = plan[rank].map { operation in
          switch operation {
          case .forward(let chunk): .forward(other(chunk))
          case .backward(let chunk): .backward(other(chunk))
          case .inputs(let chunk): .inputs(other(chunk))
          case .weights(let chunk): .weights(other(chunk))
          case .pair(let ahead, let back):
            .pair(forward: other(ahead), backward: other(back))
          }
        }
      }
    }
  }

  @Test(arguments: [4, 8])
  func `is to forget that the upper ranks see the ways the other way round`(
    _ ranks: Int
  ) throws {
    let pipeline = try unflipped(ranks: ranks)
    let batch = Batch.uneven(sequences: 2 * ranks, length: 4, below: 11)
    let said = complaint { try pipeline.run(batch) }
    #expect(
      said?.hasPrefix("Nobody can go on: rank 0 waits until rank 1 takes ") == true,
      "\(said ?? "-")")
  }

  @Test func `is not seen in two ranks, which forgive the ways, so do not test with two alone`()
    throws
  {
    let pipeline = try unflipped(ranks: 2)
    #expect(complaint { try pipeline.run(batch) } == nil)
  }

  @Test func `is to leave out a W`() throws {
    let pipeline = try pipeline { plan in
      if case .weights = plan[1].last { plan[1].removeLast() }
    }
    #expect(
      complaint { try pipeline.run(batch) }
        == "Rank 1 failed, and the others stopped: Rank 1 has ended its plan without the "
        + "weights' gradient of micro-batch 3 at stage 1.")
  }

  @Test func `is to do a W too much, or in another order`() throws {
    let twice = try pipeline { plan in plan[0].append(plan[0][plan[0].count - 1]) }
    #expect(
      complaint { try twice.run(batch) }
        == "Rank 0 failed, and the others stopped: Rank 0 is to compute the weights' gradient "
        + "of micro-batch 3 at stage 0, but none waits.")
    let swapped = try pipeline { plan in plan[1].swapAt(plan[1].count - 1, plan[1].count - 2) }
    #expect(
      complaint { try swapped.run(batch) }
        == "Rank 1 failed, and the others stopped: Rank 1 is to compute the weights' gradient "
        + "of micro-batch 3 at stage 1, but the oldest that waits is micro-batch 7 at stage 2.")
  }

  @Test func `is to leave out a backward pass`() throws {
    let pipeline = try pipeline(ranks: 2, microBatches: 4, .gpipe) { plan in
      plan[0].removeLast()
    }
    #expect(
      complaint { try pipeline.run(batch) }
        == "Rank 0 failed, and the others stopped: Rank 0 has ended its plan without a "
        + "backward pass of micro-batch 3 at stage 0.")
  }

  @Test func `is to leave out a micro-batch everywhere`() throws {
    let pipeline = try pipeline(ranks: 2, microBatches: 4, .gpipe) { plan in
      for rank in plan.indices {
        plan[rank].removeAll { ($0.forwardChunk ?? $0.backwardChunk)?.microBatch == 3 }
      }
    }
    #expect(
      complaint { try pipeline.run(batch) } == "No rank has worked on micro-batch 3 at stage 0."
    )
  }

  @Test(arguments: [1, .max])
  func `is one line for all messages between two ranks, with six ranks but not with four`(
    _ capacity: Int
  ) throws {
    var small = try pipeline()
    small.wiring = .shared(capacity: .max)
    #expect(complaint { try small.run(batch) } == nil)
    var large = try pipeline(ranks: 6, microBatches: 12)
    large.wiring = .shared(capacity: capacity)
    let said = try #require(complaint { try large.run(batch) })
    #expect(
      said.contains("the two ends of a line do not agree on the order")
        || said.hasPrefix("Nobody can go on"), "\(said)")
  }

  @Test(arguments: PipelineMethod.allCases, [0, 3])
  func `is told by the rank that fails, and stops the others`(
    _ method: PipelineMethod, _ failing: Int
  ) throws {
    var pipeline = try pipeline(method)
    let last = try #require(pipeline.schedule.plan[failing].last)
    pipeline.probe = { rank, operation in
      if rank == failing, operation == last { throw Outage() }
    }
    #expect(
      complaint { try pipeline.run(batch) }
        == "Rank \(failing) failed, and the others stopped: the power is gone.")
  }

  @Test func `in the sizes is one sentence`() throws {
    let model = DeepSeekModel(.tinyV3(layers: 2), seed: 1)
    #expect(
      complaint { try model.stages(3) }
        == "A model of 2 layers cannot be cut into 3 stages: each needs a layer.")
    #expect(
      complaint { try model.stages(of: [2, 0]) }
        == "Stages of [2, 0] layers are no cut of a model of 2: each needs a layer, and "
        + "together they must have all.")
    let schedule = try PipelineSchedule.dualPipe(ranks: 2, microBatches: 4)
    #expect(
      complaint { try Pipeline(schedule, stages: model.stages(1)) }
        == "The schedule dualpipe needs 2 stages, not 1.")
    let pipeline = try Pipeline(schedule, stages: model.stages(2))
    #expect(
      complaint { try pipeline.run(.uneven(sequences: 3, below: 37)) }
        == "A batch of 3 sequences cannot be cut into 4 micro-batches.")
  }
}
