import DualPipe
import Testing

/// Sizes for which DualPipe is defined.
private let sizes: [(ranks: Int, microBatches: Int)] = [2, 4, 6, 8, 12, 16].flatMap { ranks in
  [2 * ranks, 2 * ranks + 2, 3 * ranks, 60].map { (ranks, $0) }.filter { $0.1 >= 2 * ranks }
}

@Suite struct `The eight steps of DualPipe` {
  @Test func `for two ranks and for four are the lists by hand`() throws {
    #expect(try PipelineSchedule.dualPipe(ranks: 2, microBatches: 4).text == goldenTwo)
    #expect(try PipelineSchedule.dualPipe(ranks: 4, microBatches: 8).text == goldenFour)
  }

  @Test func `for eight ranks and twenty micro-batches give the published figure`() throws {
    let schedule = try PipelineSchedule.dualPipe(ranks: 8, microBatches: 20)
    let timetable = try Timetable(schedule)
    #expect(timetable.text(cells: 22) == goldenFigure)
    #expect(timetable.makespan == 66)
    #expect(timetable.idle == Array(repeating: 6, count: 8))
  }

  @Test func `are repeated as often as the table says`() {
    let table = [
      [6, 1, 3, 3, 3, 1, 3, 1], [4, 2, 2, 4, 2, 2, 2, 2], [2, 3, 1, 5, 1, 3, 1, 3],
      [0, 4, 0, 6, 0, 4, 0, 4],
    ]
    for (depth, repeats) in table.enumerated() {
      #expect(EightSteps(half: 4, depth: depth, count: 10).repeats == repeats)
    }
  }

  @Test(arguments: sizes) func `keep the books of every rank`(ranks: Int, microBatches: Int)
    throws
  {
    let schedule = try PipelineSchedule.dualPipe(ranks: ranks, microBatches: microBatches)
    for (rank, operations) in schedule.plan.enumerated() {
      let depth = min(rank, ranks - 1 - rank)
      let isMiddle = depth == ranks / 2 - 1
      let pairs = operations.count { $0.forwardChunk != nil && $0.backwardChunk != nil }
      #expect(pairs == microBatches - 3 * ranks / 2 + depth + 1 - (isMiddle ? 1 : 0))
      let postponed = operations.count { if case .inputs = $0 { true } else { false } }
      #expect(postponed == ranks - depth - 1)
      #expect(schedule.memory[rank].waiting == depth + 1)
      for way in 0...1 {
        let range = way * microBatches / 2..<(way + 1) * microBatches / 2
        let stage = way == 0 ? rank : ranks - 1 - rank
        let chunks = range.map { Chunk(stage: stage, microBatch: $0) }
        #expect(
          operations.compactMap(\.forwardChunk).filter { range ~= $0.microBatch } == chunks)
        #expect(
          operations.compactMap(\.backwardChunk).filter { range ~= $0.microBatch } == chunks)
      }
    }
  }

  @Test(arguments: sizes)
  func `of a rank mirror those of the rank opposite`(ranks: Int, microBatches: Int) throws {
    let schedule = try PipelineSchedule.dualPipe(ranks: ranks, microBatches: microBatches)
    let half = microBatches / 2
    for rank in 0..<ranks {
      let mirrored = schedule.plan[rank].map { operation in
        operation.map {
          Chunk(stage: $0.stage, microBatch: ($0.microBatch + half) % microBatches)
        }
      }
      #expect(schedule.plan[ranks - 1 - rank] == mirrored)
    }
  }

  /// With two ranks the mistake only costs time, so a test with two ranks would not find it.
  @Test func `must not take a phase for a way`() throws {
    func confused(_ ranks: Int, _ microBatches: Int) throws -> PipelineSchedule {
      let right = try PipelineSchedule.dualPipe(ranks: ranks, microBatches: microBatches)
      let half = microBatches / 2
      let plan = right.plan.enumerated().map { rank, operations in
        rank < ranks / 2
          ? operations
          : operations.map { operation in
            operation.map {
              Chunk(
                stage: ranks - 1 - $0.stage,
                microBatch: ($0.microBatch + half) % microBatches)
            }
          }
      }
      return PipelineSchedule(name: right.name, placement: right.placement, plan: plan)
    }
    #expect(try Timetable(PipelineSchedule.dualPipe(ranks: 2, microBatches: 4)).makespan == 12)
    #expect(try Timetable(confused(2, 4)).makespan == 22)
    #expect(try confused(2, 4).faults.isEmpty)
    for ranks in [4, 6, 8] {
      let faults = try confused(ranks, 2 * ranks).faults
      #expect(faults.count == 1)
      guard case .deadlock(let stalled)? = faults.first else {
        Issue.record("\(ranks) ranks: \(faults)")
        continue
      }
      #expect(stalled.count == ranks)
    }
  }

  @Test func `cut in half give the upper rows of the figure`() throws {
    let half = try PipelineSchedule.dualPipeV(ranks: 4, microBatches: 10)
    let rows = try Timetable(half).text.split(separator: "\n")
    let whole = try Timetable(.dualPipe(ranks: 8, microBatches: 20)).text.split(separator: "\n")
    #expect(rows.count == 5 && rows[...] == whole[..<5])
    #expect(try Timetable(half).makespan == 66)
    // The same for other sizes: micro-batches of the other way are those of the way back.
    for (ranks, microBatches) in [(1, 2), (2, 9), (3, 7), (5, 10)] {
      let half = try PipelineSchedule.dualPipeV(ranks: ranks, microBatches: microBatches)
      let whole = try PipelineSchedule.dualPipe(
        ranks: 2 * ranks, microBatches: 2 * microBatches)
      let upper = whole.plan[..<ranks].map { operations in
        operations.map { operation in
          operation.map { Chunk(stage: $0.stage, microBatch: $0.microBatch % microBatches) }
        }
      }
      #expect(half.plan == upper)
    }
  }
}

extension Operation {
  /// The same operation on other chunks.
  func map(_ change: (Chunk) -> Chunk) -> Operation {
    switch self {
    case .forward(let chunk): .forward(change(chunk))
    case .backward(let chunk): .backward(change(chunk))
    case .inputs(let chunk): .inputs(change(chunk))
    case .weights(let chunk): .weights(change(chunk))
    case .pair(let forward, let backward):
      .pair(forward: change(forward), backward: change(backward))
    }
  }
}
