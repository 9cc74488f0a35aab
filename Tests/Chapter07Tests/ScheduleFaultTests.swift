import DualPipe
import Testing

extension PipelineSchedule {
  /// The same schedule with another plan.
  fileprivate func changed(_ change: (inout [[Operation]]) -> Void) -> PipelineSchedule {
    var plan = plan
    change(&plan)
    return PipelineSchedule(name: name, placement: placement, plan: plan)
  }
}

// r0: F0 F1 F2 Fa Ia Wa Fb F3|Bb Fc|B0 Bc Fd|B1 Bd I2 W2 I3 W3
// r1: F0 Fa F1 Fb F2 Ba Fc|B0 F3|Bb Fd|B1 Bc B2 Id I3 Wd W3
private func four() throws -> PipelineSchedule { try .dualPipe(ranks: 4, microBatches: 8) }

private func place(_ rank: Int, _ position: Int) -> SchedulePlace {
  SchedulePlace(rank: rank, position: position)
}

@Suite struct `The checker of schedules` {
  @Test(arguments: PipelineMethod.allCases)
  func `finds nothing wrong with any of ours`(_ method: PipelineMethod) throws {
    var count = 0
    for ranks in [1, 2, 3, 4, 6, 8, 16] {
      for microBatches in [1, 2, 4, 6, 8, 12, 16, 24, 32, 48] {
        guard let schedule = try? method.schedule(ranks: ranks, microBatches: microBatches)
        else { continue }
        count += 1
        let limit = method.activations(ranks: ranks, microBatches: microBatches)
        #expect(schedule.faults(limit: limit) == [], "\(ranks) × \(microBatches)")
        #expect(schedule.forwardOnly.faults == [])
      }
    }
    #expect(count >= 10)
  }

  @Test(arguments: PipelineMethod.allCases)
  func `misses no operation that is gone or done twice`(_ method: PipelineMethod) throws {
    let schedule = try method.schedule(ranks: 4, microBatches: 8)
    for rank in schedule.plan.indices {
      for position in schedule.plan[rank].indices {
        let less = schedule.changed { $0[rank].remove(at: position) }
        #expect(less.faults.contains { if case .missing = $0 { true } else { false } })
        let more = schedule.changed { $0[rank].append($0[rank][position]) }
        #expect(more.faults.contains { if case .repeated = $0 { true } else { false } })
      }
    }
  }

  @Test func `names what is missing, once`() throws {
    let last = try four().changed { $0[0].removeLast() }
    let chunk = Chunk(stage: 0, microBatch: 3)
    #expect(last.faults == [.missing(.weights, chunk, rank: 0)])
    #expect(
      last.faults.map(\.description) == [
        "rank 0 lacks the weights pass of micro-batch 3 at stage 0; each is done once."
      ])
    let backward = try PipelineSchedule.oneForwardOneBackward(ranks: 1, microBatches: 2)
      .changed { $0[0].removeLast() }
    #expect(backward.faults == [.missing(.backward, Chunk(stage: 0, microBatch: 1), rank: 0)])
  }

  @Test func `names the rank to which an operation belongs`() throws {
    let moved = try four().changed { $0[1].append($0[0].removeLast()) }
    let fault = ScheduleFault.wrongRank(
      place(1, 15), .weights(Chunk(stage: 0, microBatch: 3)), owner: 0)
    #expect(moved.faults == [fault])
    #expect(
      fault.description
        == "rank 1, operation 15 is W of micro-batch 3 at stage 0, which belongs to rank 0.")
  }

  @Test func `sees a chunk that is taken backward before forward`() throws {
    let early = try four().changed { $0[3].swapAt(3, 4) }
    let chunk = Chunk(stage: 3, microBatch: 0)
    #expect(early.faults.first == .backwardBeforeForward(place(3, 3), chunk))
    #expect(early.faults.count == 2, "and nobody can go on")
    let same = try PipelineSchedule.gpipe(ranks: 1, microBatches: 1).changed {
      $0[0] = [
        .pair(forward: Chunk(stage: 0, microBatch: 0), backward: Chunk(stage: 0, microBatch: 0))
      ]
    }
    #expect(
      same.faults.first
        == .backwardBeforeForward(place(0, 0), Chunk(stage: 0, microBatch: 0)))
  }

  @Test func `sees weights before their inputs`() throws {
    let early = try four().changed { $0[0].swapAt(4, 5) }
    #expect(
      early.faults.first == .weightsBeforeInputs(place(0, 4), Chunk(stage: 3, microBatch: 4)))
    #expect(early.faults.count == 2)
  }

  @Test func `sees weights that jump the queue`() throws {
    // The last four of rank 1: Id I3 Wd W3.
    let jumped = try four().changed { $0[1].swapAt(13, 14) }
    let (d, three) = (Chunk(stage: 2, microBatch: 7), Chunk(stage: 1, microBatch: 3))
    #expect(jumped.plan[1].suffix(2) == [.weights(three), .weights(d)])
    #expect(jumped.faults == [.outOfOrder(place(1, 13), three, oldest: d)])
  }

  @Test func `says who waits for whom when nobody can go on`() throws {
    let stuck = try PipelineSchedule.oneForwardOneBackward(ranks: 2, microBatches: 2).changed {
      $0[0] = [0, 1].flatMap { microBatch -> [Operation] in
        let chunk = Chunk(stage: 0, microBatch: microBatch)
        return [.forward(chunk), .backward(chunk)]
      }
      $0[1] = [1, 0].flatMap { microBatch -> [Operation] in
        let chunk = Chunk(stage: 1, microBatch: microBatch)
        return [.forward(chunk), .backward(chunk)]
      }
    }
    let sentence =
      "Nobody can go on: rank 0, operation 1 (B of micro-batch 0 at stage 0), waits for the "
      + "backward pass of micro-batch 0 at stage 1 on rank 1; rank 1, operation 0 (F of micro-batch "
      + "1 at stage 1), waits for the forward pass of micro-batch 1 at stage 0 on rank 0."
    #expect(stuck.faults.map(\.description) == [sentence])
    let fault = #expect(throws: ScheduleFault.self) { try Timetable(stuck) }
    #expect(fault?.description == sentence)
  }

  @Test func `holds a rank to its memory`() throws {
    let greedy = try PipelineSchedule.gpipe(ranks: 2, microBatches: 5)
    #expect(greedy.faults(limit: 5) == [])
    #expect(
      greedy.faults(limit: 4) == [
        .tooManyChunks(rank: 0, chunks: 5, limit: 4),
        .tooManyChunks(rank: 1, chunks: 5, limit: 4),
      ])
    #expect(
      greedy.faults(limit: 4).first?.description
        == "rank 0 holds 5 chunks at once; the limit is 4.")
  }

  @Test func `knows a chunk that does not exist`() throws {
    for chunk in [
      Chunk(stage: 4, microBatch: 0), Chunk(stage: -1, microBatch: 0),
      Chunk(stage: 0, microBatch: 8), Chunk(stage: 0, microBatch: -3),
    ] {
      let strange = try four().changed { $0[2].insert(.forward(chunk), at: 1) }
      #expect(strange.faults.first == .unknownChunk(place(2, 1), .forward(chunk)))
      #expect(throws: ScheduleFault.unknownChunk(place(2, 1), .forward(chunk))) {
        try Timetable(strange)
      }
    }
  }

  @Test func `leaves a false name to be found by comparison`() throws {
    let plain = try PipelineSchedule.oneForwardOneBackward(ranks: 4, microBatches: 8)
    let liar = PipelineSchedule(
      name: "dualpipe", placement: plain.placement, plan: plain.plan)
    #expect(liar.faults == [])
    #expect(try liar != .named(liar.name, ranks: liar.ranks, microBatches: liar.microBatches))
  }
}
