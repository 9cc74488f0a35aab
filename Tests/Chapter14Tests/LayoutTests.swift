import Checkpoints
import DualPipe
import FullScale
import Testing

private let models: [DecoderConfiguration] = {
  let names = ["deepseek-v2", "deepseek-v2-lite", "deepseek-r1-distill-qwen-7b"]
  return [.v3] + names.compactMap { PublishedConfiguration.named($0)?.model }
}()

@Suite struct `The blocks of a model` {
  @Test(arguments: models)
  func `have all weights but those of tables and the last norm`(
    _ model: DecoderConfiguration
  ) throws {
    let census = try #require(ModelCensus(model))
    let blocks = (0..<model.layers).compactMap { model.blockWeights($0)?.total }
    let tables = census.weights(of: .embedding) + census.weights(of: .head)
    #expect(blocks.count == model.layers)
    #expect(blocks.reduce(0, +) + tables + model.width == census.total)
  }

  /// 187 107 328 of attention, 14 336 of two norms; a router with its bias; 44 040 192 an expert.
  @Test func `of V3 are two kinds`() throws {
    let dense = try #require(DecoderConfiguration.v3.blockWeights(2))
    let mixture = try #require(DecoderConfiguration.v3.blockWeights(3))
    #expect(dense.experts == 0 && dense.total == 187_107_328 + 14_336 + 396_361_728)
    #expect(mixture.expert == 44_040_192 && mixture.experts == 256)
    #expect(mixture.common == 187_107_328 + 14_336 + 1_835_264 + 44_040_192)
    // Without norms and bias, and with 8 of the experts.
    #expect(mixture.visited == 187_105_280 + 256 * 7168 + 9 * 44_040_192)
  }
}

@Suite struct `The cut of a model` {
  @Test(arguments: models, [1, 2, 8, 16])
  func `has every layer once, in order, and all work`(
    _ model: DecoderConfiguration, _ stages: Int
  ) throws {
    let cut = try #require(StageCut.balanced(model, stages: stages))
    #expect(cut.layers.count == stages)
    #expect(cut.layers.flatMap { Array($0) } == Array(0..<model.layers))
    let census = try #require(ModelCensus(model))
    #expect(cut.work.reduce(0, +) == census.multiplied + census.multipliedInPrediction)
  }

  /// All ways to cut twelve layers into four stages, by trying them.
  @Test func `is the best there is`() throws {
    var model = try #require(PublishedConfiguration.named("deepseek-v2-lite")?.model)
    model.layers = 12
    let cut = try #require(StageCut.balanced(model, stages: 4))
    let blocks = (0..<12).compactMap { model.blockWeights($0)?.visited }
    let tail = cut.work.reduce(0, +) - blocks.reduce(0, +)
    var best = Double.infinity
    for a in 0...12 {
      for b in a...12 {
        for c in b...12 {
          let sums = [0..<a, a..<b, b..<c, c..<12].map {
            Double(blocks[$0].reduce(0, +))
          }
          let squares = sums[0] * sums[0] + sums[1] * sums[1] + sums[2] * sums[2]
          best = min(best, squares + (sums[3] + Double(tail)) * (sums[3] + Double(tail)))
        }
      }
    }
    let found = cut.work.reduce(0) { $0 + Double($1) * Double($1) }
    #expect(abs(found / best - 1) < 1e-12)
  }

  /// The head, used twice, and the predictor weigh as much as four layers.
  @Test func `of V3 into sixteen leaves the last stage to head and predictor`() throws {
    let cut = try #require(StageCut.balanced(.v3, stages: 16))
    #expect(cut.layers.map(\.count) == [5] + Array(repeating: 4, count: 14) + [0])
    #expect(cut.imbalance < 1.25)
  }
}

@Suite struct `The memory of a training` {
  // snippet.conservation
  /// Every common weight is on as many cards as there are copies of its stage, every expert's on
  /// as many times the cards over which experts are spread.
  @Test(arguments: [PipelineMethod.dualPipe, .dualPipeV, .zeroBubble, .interleaved])
  func `holds every weight as often as there are copies`(_ method: PipelineMethod) throws {
    let layout = TrainingLayout(method: method, pipeline: 8, experts: 64, cards: 1024)
    let cards = try #require(MemoryPlan.cards(of: .v3, layout))
    let common = cards.reduce(0) { $0 + $1.weights - $1.expertWeights }
    let experts = cards.reduce(0) { $0 + $1.expertWeights }
    let census = try #require(ModelCensus(.v3))
    let all = method.copies * (census.total + census.prediction)
    #expect(common + 64 * experts == all)
  }
  // snippet.end

  @Test func `of V3 as it was trained fits a card, and only so`() throws {
    let plan = try #require(MemoryPlan.fullest(of: .v3, .v3))
    #expect(plan.total < 0.9 * Accelerator.h800.memory)
    let kept = try #require(MemoryPlan.fullest(of: .v3, .v3, recomputing: []))
    #expect(kept.total > Accelerator.h800.memory)
    let sixteen = try #require(MemoryPlan.fullest(of: .v3, .v3, .brain))
    #expect(sixteen.total > Accelerator.h800.memory)
    var alone = TrainingLayout.v3
    alone.experts = 1
    let whole = try #require(MemoryPlan.fullest(of: .v3, alone))
    #expect(whole.total > 5 * Accelerator.h800.memory)
  }

  @Test func `takes twelve bytes a weight beside the working ones, and sixteen in BF16`() {
    #expect(NumberFormats.v3.optimizerAndGradient == 12)
    #expect(NumberFormats.brain.optimizerAndGradient == 16)
  }

  /// A stage is on two ranks of each of 128 pipelines; an expert of it on one in 64 of those cards.
  @Test func `shares the optimizer over all copies`() throws {
    let layout = TrainingLayout.v3
    #expect(layout.pipelines == 128 && layout.commonCopies == 256 && layout.expertCopies == 4)
    var alone = layout
    alone.sharesOptimizer = false
    let shared = try #require(MemoryPlan.cards(of: .v3, layout))
    let whole = try #require(MemoryPlan.cards(of: .v3, alone))
    for (one, all) in zip(shared, whole) {
      #expect(all.optimizer == 8 * Double(all.weights))
      let common = Double(one.weights - one.expertWeights)
      let expected = 8 * (common / 256 + Double(one.expertWeights) / 4)
      #expect(abs(one.optimizer / expected - 1) < 1e-12)
      #expect(one.gradients == all.gradients && one.activations == all.activations)
    }
  }

  @Test func `keeps less the more is computed again`() {
    let v3 = DecoderConfiguration.v3
    let steps: [Recomputation] = [[], .norms, [.norms, .swiGLU], .v3]
    let bytes = steps.map { v3.keptBytes(10, .v3, $0) }
    #expect(bytes == bytes.sorted(by: >) && Set(bytes).count == 4)
    // Queries of 128 · 192 and keys and values of 128 · 256, in two bytes.
    let expansions = v3.keptBytes(10, .v3, []) - v3.keptBytes(10, .v3, .expansions)
    #expect(expansions == Double(2 * 128 * (192 + 256)))
  }

  /// 2 · 7168 for each of two inputs, 2112 latents, 16 384 behind attention in 1.53 bytes, rows of
  /// eight experts and gates and ups of nine in 1.03.
  @Test func `keeps of a token what the paper's list says`() {
    let rows: Double = 2 * 2 * 7168 + 2 * 2112 + 128 * 4 + 256 * 4
    let attention: Double = 16_384 * 1.53125
    let codes = 8 * 7168 + 9 * 2 * 2048
    let experts = 1.03125 * Double(codes)
    let expected = rows + attention + experts
    #expect(DecoderConfiguration.v3.keptBytes(10, .v3, .v3) == expected)
  }
}

@Suite struct `The step of V3` {
  @Test func `has 120 micro-batches in a pipeline`() {
    #expect(TrainingLayout.v3.microBatches(sequences: 15_360, length: 4096) == 120)
    #expect(TrainingLayout.v3.stages(on: 3) == [3, 12])
  }

  @Test func `has 97 pairs at the ends of the pipeline`() throws {
    let schedule = try PipelineSchedule.dualPipe(ranks: 16, microBatches: 120)
    let counts = OperationCounts(schedule.plan[0])
    #expect(counts.pairs == 97 && counts.forward == 23 && counts.weights == 15)
    #expect(counts.inputs == 15 && counts.backward == 8)
  }

  /// The schedule by itself explains half of the measured bubble; the rest is not in it.
  @Test func `takes the simulator six per cent less than was measured`() throws {
    let measured = MeasuredStep.multiPlane
    let costs = try measured.costs()
    // About 49, 75, 32 and 144 milliseconds: the pair saves 8 per cent of its parts.
    #expect(abs(costs.forward - 0.049) < 0.001 && abs(costs.inputs - 0.075) < 0.001)
    #expect(abs(costs.weights - 0.032) < 0.001 && abs(costs.pair - 0.144) < 0.001)
    #expect(costs.pair < 0.93 * (costs.forward + costs.backward))
    let plan = try StepPlan(.v3, costs, optimizer: measured.optimizer)
    #expect(abs(plan.seconds / measured.seconds - 0.944) < 0.002, "\(plan.seconds) s")
    let idle = plan.timetable.idle[0]
    #expect(abs(measured.seconds - plan.seconds - (measured.bubble - idle)) < 0.03)
    #expect(idle > 0.4 * measured.bubble && idle < 0.55 * measured.bubble, "\(idle) s")
  }
}
