import DualPipe

/// The answer to exercise 7.5.
///
/// Why this way: each of the four counts catches another impostor. Without pairs nothing is
/// overlapped, which is the whole gain. Without halves the bubble is that of 1F1B from both ends. And a
/// schedule that loses a chunk is fast. Counting does not prove the order; the simulator does that.
public func isDualPipe(_ schedule: PipelineSchedule) throws -> Bool {
  schedule.plan.indices.allSatisfy { rank in
    let count = Count(schedule.plan[rank])
    let expected = Count(rank: rank, schedule)
    return count == expected
  }
}

private struct Count: Equatable {
  var forward, backward, pairs, halves: Int

  init(_ plan: [Operation]) {
    forward = plan.count { $0.forwardChunk != nil }
    backward = plan.count { $0.backwardChunk != nil }
    pairs = plan.count { if case .pair = $0 { true } else { false } }
    halves = plan.count { if case .inputs = $0 { true } else { false } }
  }

  init(rank: Int, _ schedule: PipelineSchedule) {
    let (ranks, microBatches) = (schedule.ranks, schedule.microBatches)
    let distance = min(rank, ranks - 1 - rank)
    let isMiddle = distance == ranks / 2 - 1
    (forward, backward) = (microBatches, microBatches)
    pairs = microBatches - 3 * ranks / 2 + distance + 1 - (isMiddle ? 1 : 0)
    halves = ranks - distance - 1
  }
}

/// Wrong answers to exercise 7.5.
public enum Mutants7_5 {
  private static func compare(
    _ schedule: PipelineSchedule, ranks: [Int]? = nil, _ keep: (inout Count) -> Void
  ) -> Bool {
    (ranks ?? Array(schedule.plan.indices)).allSatisfy { rank in
      var (count, expected) = (Count(schedule.plan[rank]), Count(rank: rank, schedule))
      keep(&count)
      keep(&expected)
      return count == expected
    }
  }

  /// Believes the name.
  public static func believesTheName(_ schedule: PipelineSchedule) throws -> Bool {
    schedule.name == "dualpipe"
  }

  /// Does not count pairs.
  public static func forgetsPairs(_ schedule: PipelineSchedule) throws -> Bool {
    compare(schedule) { $0.pairs = 0 }
  }

  /// Does not count halves.
  public static func forgetsHalves(_ schedule: PipelineSchedule) throws -> Bool {
    compare(schedule) { $0.halves = 0 }
  }

  /// Does not count the passes.
  public static func forgetsPasses(_ schedule: PipelineSchedule) throws -> Bool {
    compare(schedule) { ($0.forward, $0.backward) = (0, 0) }
  }

  /// Looks at the first rank only.
  public static func looksAtTheFirst(_ schedule: PipelineSchedule) throws -> Bool {
    compare(schedule, ranks: [0]) { _ in }
  }

  /// Expects as many pairs in the middle as the formula has elsewhere.
  public static func forgetsTheMiddle(_ schedule: PipelineSchedule) throws -> Bool {
    schedule.plan.indices.allSatisfy { rank in
      var expected = Count(rank: rank, schedule)
      let distance = min(rank, schedule.ranks - 1 - rank)
      expected.pairs = schedule.microBatches - 3 * schedule.ranks / 2 + distance + 1
      return Count(schedule.plan[rank]) == expected
    }
  }
}
