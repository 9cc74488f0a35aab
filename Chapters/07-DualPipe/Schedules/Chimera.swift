extension PipelineSchedule {
  /// Chimera: 1F1B in two ways at once, merged so that neither waits for the other.
  ///
  /// In units of P micro-batches, half of them each way. If both passes took one slot of time,
  /// stage s would take its i-th micro-batch forward in slot s + 2i and backward in slot 2P - 1
  /// - s + 2i. The two ways are never in the same slot, because P - 1 is odd; a unit begins 2P
  /// slots after the one before. The order of the slots is the schedule. Paper: Li and Hoefler
  /// 2021, §3.
  public static func chimera(
    ranks: Int, microBatches: Int
  ) throws(ScheduleError) -> PipelineSchedule {
    let name = PipelineMethod.chimera.rawValue
    let sizes = try ScheduleSizes(name, ranks: ranks, microBatches: microBatches)
    try sizes.check(ranks: ranks % 2 == 0, "needs an even number")
    try sizes.check(
      microBatches: microBatches % ranks == 0, "needs a multiple of its \(ranks) ranks")
    let perUnit = ranks / 2
    let plan = (0..<ranks).map { rank -> [Operation] in
      var slots: [(slot: Int, operation: Operation)] = []
      for microBatch in 0..<microBatches {
        let (way, index) = microBatch.quotientAndRemainder(dividingBy: microBatches / 2)
        let stage = way == 0 ? rank : ranks - 1 - rank
        let chunk = Chunk(stage: stage, microBatch: microBatch)
        let start = index / perUnit * 2 * ranks + index % perUnit * 2
        slots.append((start + stage, .forward(chunk)))
        slots.append((start + 2 * ranks - 1 - stage, .backward(chunk)))
      }
      return slots.sorted { $0.slot < $1.slot }.map(\.operation)
    }
    return PipelineSchedule(
      name: name, placement: .twoWays(ranks: ranks, microBatches: microBatches), plan: plan)
  }
}
