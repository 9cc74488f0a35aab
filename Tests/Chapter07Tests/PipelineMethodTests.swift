import DualPipe
import Testing

@Suite struct `A schedule by name` {
  @Test func `is the one that its maker makes`() throws {
    #expect(
      PipelineSchedule.names == [
        "gpipe", "1f1b", "interleaved", "zb1p", "zb-h2", "chimera", "dualpipe", "dualpipev",
      ])
    for name in PipelineSchedule.names {
      let schedule = try PipelineSchedule.named(name, ranks: 4, microBatches: 8)
      #expect(schedule.name == name && schedule.ranks == 4 && schedule.microBatches == 8)
    }
    let lines = try ["gpipe", "1f1b", "zb1p", "zb-h2"].map {
      try PipelineSchedule.named($0, ranks: 2, microBatches: 3).text
    }
    #expect(
      lines == [
        "r0: F0 F1 F2 B0 B1 B2\nr1: F0 F1 F2 B0 B1 B2",
        "r0: F0 F1 B0 F2 B1 B2\nr1: F0 B0 F1 B1 F2 B2",
        "r0: F0 F1 I0 W0 F2 I1 W1 I2 W2\nr1: F0 I0 F1 I1 W0 F2 I2 W1 W2",
        "r0: F0 F1 F2 I0 W0 I1 W1 I2 W2\nr1: F0 I0 F1 I1 F2 I2 W0 W1 W2",
      ])
    #expect(
      try PipelineSchedule.chimera(ranks: 4, microBatches: 4).text == """
        r0: F0 F1 Fa Ba Fb Bb B0 B1
        r1: F0 Fa F1 Fb Ba B0 Bb B1
        r2: Fa F0 Fb F1 B0 Ba B1 Bb
        r3: Fa Fb F0 B0 F1 B1 Ba Bb
        """)
    #expect(
      try PipelineSchedule.interleaved(ranks: 2, microBatches: 4).text == """
        r0: F0 F1 Fa Fb F2 Ba F3 Bb Fc B0 Fd B1 Bc Bd B2 B3
        r1: F0 F1 Fa Ba Fb Bb F2 B0 F3 B1 Fc Bc Fd Bd B2 B3
        """)
  }

  @Test func `that does not exist is an error that lists those that do`() {
    let error = #expect(throws: ScheduleError.self) {
      try PipelineSchedule.named("dual pipe", ranks: 4, microBatches: 8)
    }
    #expect(
      error?.description
        == "No schedule is called \"dual pipe\"; there are gpipe, 1f1b, interleaved, zb1p, zb-h2, "
        + "chimera, dualpipe, dualpipev.")
  }

  @Test(arguments: [
    ("dualpipe", 8, 7, "7 micro-batches; it needs an even number of at least 2 · ranks = 16."),
    (
      "dualpipe", 8, 14, "14 micro-batches; it needs an even number of at least 2 · ranks = 16."
    ),
    ("dualpipe", 5, 20, "5 ranks; it needs an even number."),
    ("dualpipev", 5, 9, "9 micro-batches; it needs at least 2 · ranks = 10."),
    ("chimera", 3, 3, "3 ranks; it needs an even number."),
    ("chimera", 4, 6, "6 micro-batches; it needs a multiple of its 4 ranks."),
    ("interleaved", 4, 6, "6 micro-batches; it needs a multiple of its 4 ranks."),
    ("1f1b", 0, 4, "0 ranks; it takes from 1 to 64."),
    ("gpipe", -1, 4, "-1 ranks; it takes from 1 to 64."),
    ("zb1p", 65, 4, "65 ranks; it takes from 1 to 64."),
    ("zb-h2", 4, 0, "0 micro-batches; it takes from 1 to 4096."),
    ("gpipe", 4, Int.max, "\(Int.max) micro-batches; it takes from 1 to 4096."),
    ("dualpipe", Int.min, Int.min, "\(Int.min) ranks; it takes from 1 to 64."),
  ])
  func `says in a sentence which size it cannot have`(
    _ name: String, _ ranks: Int, _ microBatches: Int, _ sentence: String
  ) {
    let error = #expect(throws: ScheduleError.self) {
      try PipelineSchedule.named(name, ranks: ranks, microBatches: microBatches)
    }
    #expect(error?.description == "\(name): \(sentence)")
  }

  @Test func `is laid out up to the largest size`() throws {
    let schedule = try PipelineSchedule.dualPipe(ranks: 64, microBatches: 1024)
    #expect(
      try Timetable(schedule).makespan
        == PipelineMethod.dualPipe.time(ranks: 64, microBatches: 1024))
    #expect(
      throws: ScheduleError.chunks(
        17, schedule: "interleaved", rule: "takes from 1 to 16")
    ) {
      try PipelineSchedule.interleaved(ranks: 2, microBatches: 2, chunks: 17)
    }
  }

  @Test func `interleaved with more chunks waits less of the time`() throws {
    for (ranks, microBatches) in [(3, 6), (4, 8)] {
      for chunks in 1...5 {
        let schedule = try PipelineSchedule.interleaved(
          ranks: ranks, microBatches: microBatches, chunks: chunks)
        #expect(schedule.faults == [])
        // Chunks are so many times smaller.
        let share = Double(chunks)
        let costs = Costs(forward: 60 / share, backward: 120 / share, weights: 60 / share)
        #expect(try Timetable(schedule, costs).bubble == Double(ranks - 1) * 180 / share)
      }
    }
  }

  @Test(arguments: PipelineMethod.allCases)
  func `for inference goes forward only`(_ method: PipelineMethod) throws {
    let schedule = try method.schedule(ranks: 4, microBatches: 8)
    let forward = schedule.forwardOnly
    #expect(forward.isForwardOnly && forward.forwardOnly == forward)
    for (all, only) in zip(schedule.plan, forward.plan) {
      #expect(only == all.compactMap(\.forwardChunk).map(Operation.forward))
      #expect(only.count == 8 * method.stagesPerRank / method.copies)
    }
    // No bubble but that of filling and draining the pipeline.
    let last = try Timetable(forward).makespan
    #expect(last >= Double(8 * method.stagesPerRank / method.copies))
    if method.stagesPerRank == 1 { #expect(last == 8 + 4 - 1) }
  }

  @Test func `is drawn with numbers where letters do not suffice`() throws {
    let long = try Timetable(.oneForwardOneBackward(ranks: 2, microBatches: 11))
    let rows = long.text.split(separator: "\n")
    #expect(rows[0].hasPrefix("t      0   1   2"))
    #expect(rows[1].hasPrefix("r0   F0  F1  .   .   B0  B0  F2"))
    #expect(rows[2].hasSuffix("F10 B10 B10 .   ."))
    let many = try PipelineSchedule.interleaved(ranks: 2, microBatches: 2, chunks: 3)
    #expect(many.text.hasPrefix("r0: F0 F1 F0' F1' F0'' F1'' B0''"))
    // Cells of half a unit show what a cell of one would hide.
    let overlapped = try Timetable(.dualPipe(ranks: 2, microBatches: 4), Costs(pair: 2.5))
    #expect(overlapped.text(cell: 0.5).split(separator: "\n")[1].contains("fb fb b0 b0 b0"))
  }
}
