extension PipelineSchedule {
  /// DualPipe: two ways through P ranks, and forward passes overlapped with backward passes.
  ///
  /// Ranks of the lower half call the way 0 their phase 0, those of the upper half the way 1:
  /// every rank is reached first from the end that is nearer. Paper: V3 §3.2.1.
  public static func dualPipe(
    ranks: Int, microBatches: Int
  ) throws(ScheduleError) -> PipelineSchedule {
    let name = PipelineMethod.dualPipe.rawValue
    let sizes = try ScheduleSizes(name, ranks: ranks, microBatches: microBatches)
    try sizes.check(ranks: ranks % 2 == 0, "needs an even number")
    try sizes.check(
      microBatches: microBatches % 2 == 0 && microBatches >= 2 * ranks,
      "needs an even number of at least 2 · ranks = \(2 * ranks)")
    let half = ranks / 2
    let plan = (0..<ranks).map { rank in
      let steps = EightSteps(
        half: half, depth: min(rank, ranks - 1 - rank), count: microBatches / 2)
      // snippet.phases
      return steps.operations { phase, index in
        let way = rank < half ? phase : 1 - phase
        return Chunk(
          stage: way == 0 ? rank : ranks - 1 - rank,
          microBatch: way * microBatches / 2 + index)
      }
      // snippet.end
    }
    return PipelineSchedule(
      name: name, placement: .twoWays(ranks: ranks, microBatches: microBatches), plan: plan)
  }

  /// DualPipeV: DualPipe cut in half; one way, down the ranks and up again.
  ///
  /// Rank r holds the stages r and 2P - 1 - r, which are its phases 0 and 1. Every stage is
  /// there once, and all micro-batches begin and end at rank 0. Source: the repository
  /// deepseek-ai/DualPipe, dualpipev.py.
  public static func dualPipeV(
    ranks: Int, microBatches: Int
  ) throws(ScheduleError) -> PipelineSchedule {
    let name = PipelineMethod.dualPipeV.rawValue
    let sizes = try ScheduleSizes(name, ranks: ranks, microBatches: microBatches)
    try sizes.check(
      microBatches: microBatches >= 2 * ranks, "needs at least 2 · ranks = \(2 * ranks)")
    let plan = (0..<ranks).map { rank in
      EightSteps(half: ranks, depth: rank, count: microBatches).operations { phase, index in
        Chunk(stage: phase == 0 ? rank : 2 * ranks - 1 - rank, microBatch: index)
      }
    }
    return PipelineSchedule(
      name: name, placement: .there(andBack: ranks, microBatches: microBatches), plan: plan)
  }
}
