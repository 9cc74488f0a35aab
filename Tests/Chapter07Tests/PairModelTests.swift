import DualPipe
import Testing

@Suite struct `An overlapped pair` {
  @Test func `hides half of the time when the lanes are as long in every phase`() {
    let pair = PairModel(
      PairCosts(
        dispatchForward: 1.5, dispatchBackward: 1.5, combineForward: 1, combineBackward: 1,
        pipeline: 1))
    #expect(pair.time == 6 && pair.sequential == 12 && pair.ratio == 0.5)
    #expect(pair.barriers == [3, 6])
  }

  @Test func `lasts as long as the longer lane of each phase`() {
    let costs = PairCosts(
      attentionForward: 1, attentionInputs: 2, attentionWeights: 3, expertsForward: 4,
      expertsInputs: 5, expertsWeights: 6, dispatchForward: 7, dispatchBackward: 9,
      combineForward: 2, combineBackward: 1, pipeline: 0.5)
    let pair = PairModel(costs)
    // Phase 1: 15 of products, 16 of messages; phase 2: 6 and 3.5.
    #expect(pair.barriers == [16, 22])
    #expect(pair.busy(.compute) == 21 && pair.busy(.communication) == 19.5)
    #expect(pair.sequential == 40.5)
    // Without the barrier the lanes would last max(21, 19.5) = 21.
    #expect(pair.time == 22)
    // F: 1 + 4 + 7 + 2 + 0.5; B: 2 + 3 + 5 + 6 + 9 + 1, of which 9 for the weights.
    #expect(
      pair.schedule == Costs(forward: 14.5, backward: 26, weights: 9, pair: 22))
  }

  @Test func `keeps the order of the paper's figure`() {
    let pair = PairModel(PairCosts(pipeline: 1))
    let names = PairModel.Lane.allCases.map { lane in
      pair.parts.filter { $0.lane == lane }.map { "\($0.name) at \($0.start)" }
    }
    #expect(
      names == [
        [
          "MLP(B) at 0.0", "MLP(W) at 1.0", "MLP(F) at 2.0", "ATTN(B) at 3.0", "ATTN(W) at 4.0",
          "ATTN(F) at 5.0",
        ],
        [
          "DISPATCH(F) at 0.0", "DISPATCH(B) at 1.0", "COMBINE(F) at 3.0", "PP at 4.0",
          "COMBINE(B) at 5.0",
        ],
      ])
  }

  @Test func `never lasts less than a lane nor more than both`() {
    for weight in [0.0, 0.5, 1, 3, 10] {
      for other in [0.0, 0.25, 2, 7] {
        let pair = PairModel(
          PairCosts(
            attentionWeights: weight, expertsForward: other, dispatchForward: other,
            combineBackward: weight, pipeline: other))
        let lanes = PairModel.Lane.allCases.map(pair.busy)
        #expect(pair.time >= max(lanes[0], lanes[1]) && pair.time <= lanes[0] + lanes[1])
        #expect(pair.sequential == lanes[0] + lanes[1])
      }
    }
  }

  @Test func `as DeepSeek's trace shows it takes little more than the longer of its streams`() {
    #expect(PairTrace.pair > max(PairTrace.compute, PairTrace.communication))
    #expect(PairTrace.pair < 1.1 * PairTrace.compute)
    #expect(abs(PairTrace.ratio - 0.554) < 0.001)
    let processors = PairTrace.multiprocessors
    #expect(processors.communication + processors.compute == 132)
    // 118 · 112 / 132 and 115 one after the other are 215 ms, and 129 is .60 of them.
    #expect(abs(PairTrace.unhindered - 100.12) < 0.01)
    let apart = PairTrace.unhindered + PairTrace.communication
    #expect(abs(PairTrace.pair / apart - 0.600) < 0.001)
  }

  /// The bubble is not what DualPipe gains most by: the pair is.
  @Test func `saves more of a step than the bubble`() throws {
    let schedule = try PipelineSchedule.dualPipe(ranks: 8, microBatches: 20)
    let alone = try Timetable(schedule).makespan
    let zeroBubble = try Timetable(.zeroBubble(ranks: 8, microBatches: 20)).makespan
    let traced = try Timetable(schedule, Costs(pair: 3 * PairTrace.ratio)).makespan
    #expect(zeroBubble - alone == 1)
    #expect(alone - traced > 14)
  }
}
