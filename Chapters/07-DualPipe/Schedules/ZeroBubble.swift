extension PipelineSchedule {
  /// ZB-H1, which V3 calls ZB1P: 1F1B with backward passes in halves.
  ///
  /// Rank r always keeps r gradients of weights to do later, so that the input's gradients do
  /// not wait for them, and so that there is work for the end. Paper: Zero bubble §2.1.
  public static func zeroBubble(
    ranks: Int, microBatches: Int
  ) throws(ScheduleError) -> PipelineSchedule {
    try halves(.zeroBubble, ranks: ranks, microBatches: microBatches) { rank in
      (warmUp: ranks - 1 - rank, postponed: rank)
    }
  }

  /// ZB-H2: as many forward passes at the beginning as hide the way back too.
  ///
  /// Twice as many forward passes before the first backward, and twice as many gradients of
  /// weights put off, so every rank holds up to 2P - 1 chunks. When F = I = W no rank ever
  /// waits, but they begin and end one after the other. Paper: Zero bubble §2.2.
  public static func zeroBubbleTwice(
    ranks: Int, microBatches: Int
  ) throws(ScheduleError) -> PipelineSchedule {
    try halves(.zeroBubbleTwice, ranks: ranks, microBatches: microBatches) { rank in
      (warmUp: 2 * (ranks - 1 - rank), postponed: 2 * rank)
    }
  }

  /// - Parameter rule: how many forward passes a rank runs first, and how many gradients of
  ///   weights it keeps for later.
  private static func halves(
    _ method: PipelineMethod, ranks: Int, microBatches: Int,
    rule: (_ rank: Int) -> (warmUp: Int, postponed: Int)
  ) throws(ScheduleError) -> PipelineSchedule {
    _ = try ScheduleSizes(method.rawValue, ranks: ranks, microBatches: microBatches)
    var plan: [[Operation]] = []
    for rank in 0..<ranks {
      let chunks = (0..<microBatches).map { Chunk(stage: rank, microBatch: $0) }
      let (warmUp, postponed) = rule(rank)
      plan.append(halves(of: chunks, warmUp: min(warmUp, microBatches), postponed: postponed))
    }
    return PipelineSchedule(
      name: method.rawValue, placement: .line(ranks: ranks, microBatches: microBatches),
      plan: plan)
  }

  private static func halves(of chunks: [Chunk], warmUp: Int, postponed: Int) -> [Operation] {
    var operations = chunks[..<warmUp].map(Operation.forward)
    var (inputs, weights) = (0, 0)
    for chunk in chunks[warmUp...] {
      operations += [.forward(chunk), .inputs(chunks[inputs])]
      inputs += 1
      if inputs - weights > postponed {
        operations.append(.weights(chunks[weights]))
        weights += 1
      }
    }
    while inputs < chunks.count {
      operations += [.inputs(chunks[inputs]), .weights(chunks[weights])]
      inputs += 1
      weights += 1
    }
    return operations + chunks[weights...].map(Operation.weights)
  }
}
