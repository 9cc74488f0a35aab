extension PipelineSchedule {
  /// GPipe: every micro-batch forward, then every one backward.
  ///
  /// A rank holds M chunks at once. The backward passes come in the order of the forward
  /// passes, as those of all schedules here do; the reverse order would take as long.
  public static func gpipe(
    ranks: Int, microBatches: Int
  ) throws(ScheduleError) -> PipelineSchedule {
    let name = PipelineMethod.gpipe.rawValue
    _ = try ScheduleSizes(name, ranks: ranks, microBatches: microBatches)
    let plan = (0..<ranks).map { rank -> [Operation] in
      let chunks = (0..<microBatches).map { Chunk(stage: rank, microBatch: $0) }
      return chunks.map(Operation.forward) + chunks.map(Operation.backward)
    }
    return PipelineSchedule(
      name: name, placement: .line(ranks: ranks, microBatches: microBatches), plan: plan)
  }

  /// 1F1B: rank r runs P - 1 - r forward passes, then one forward and one backward in turn.
  ///
  /// The last rank begins to go backward at once, and no rank ever holds more than P - r
  /// chunks.
  public static func oneForwardOneBackward(
    ranks: Int, microBatches: Int
  ) throws(ScheduleError) -> PipelineSchedule {
    let name = PipelineMethod.oneForwardOneBackward.rawValue
    _ = try ScheduleSizes(name, ranks: ranks, microBatches: microBatches)
    let plan = (0..<ranks).map { rank -> [Operation] in
      let chunks = (0..<microBatches).map { Chunk(stage: rank, microBatch: $0) }
      return oneByOne(
        forwards: chunks, backwards: chunks, warmUp: min(ranks - 1 - rank, microBatches))
    }
    return PipelineSchedule(
      name: name, placement: .line(ranks: ranks, microBatches: microBatches), plan: plan)
  }

  // snippet.one-by-one
  /// Some forward passes, then one forward and one backward in turn, then the backward passes
  /// left.
  static func oneByOne(forwards: [Chunk], backwards: [Chunk], warmUp: Int) -> [Operation] {
    let steady = forwards.count - warmUp
    var operations = forwards[..<warmUp].map(Operation.forward)
    for step in 0..<steady {
      operations.append(.forward(forwards[warmUp + step]))
      operations.append(.backward(backwards[step]))
    }
    return operations + backwards[steady...].map(Operation.backward)
  }
  // snippet.end
}
