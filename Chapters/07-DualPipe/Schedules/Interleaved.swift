extension PipelineSchedule {
  /// Interleaved 1F1B: each rank holds v stages, P apart, and takes P micro-batches to each in
  /// turn.
  ///
  /// A bubble lasts as long as a chunk, and a chunk is v times smaller than with one stage a
  /// rank. Rank r runs 2(P - 1 - r) + (v - 1)P forward passes before it goes backward. Paper:
  /// Narayanan et al. 2021, §2.2.
  public static func interleaved(
    ranks: Int, microBatches: Int, chunks: Int = 2
  ) throws(ScheduleError) -> PipelineSchedule {
    let name = PipelineMethod.interleaved.rawValue
    let sizes = try ScheduleSizes(name, ranks: ranks, microBatches: microBatches)
    try sizes.check(
      microBatches: microBatches % ranks == 0, "needs a multiple of its \(ranks) ranks")
    guard (1...ScheduleSizes.mostChunks).contains(chunks) else {
      throw .chunks(chunks, schedule: name, rule: "takes from 1 to \(ScheduleSizes.mostChunks)")
    }
    let plan = (0..<ranks).map { rank -> [Operation] in
      // Groups of P micro-batches; each group visits all stages of the rank before the next.
      func order(backward: Bool) -> [Chunk] {
        (0..<microBatches * chunks).map { step in
          let group = step / (ranks * chunks)
          let round = step / ranks % chunks
          return Chunk(
            stage: (backward ? chunks - 1 - round : round) * ranks + rank,
            microBatch: group * ranks + step % ranks)
        }
      }
      let warmUp = 2 * (ranks - 1 - rank) + (chunks - 1) * ranks
      return oneByOne(
        forwards: order(backward: false), backwards: order(backward: true),
        warmUp: min(warmUp, microBatches * chunks))
    }
    return PipelineSchedule(
      name: name, placement: .rounds(chunks, ranks: ranks, microBatches: microBatches),
      plan: plan)
  }
}
