import DualPipe
import Testing

/// Costs of all sorts; some break the rules under which the closed forms hold.
private let manyCosts: [Costs] = {
  var costs: [Costs] = []
  for forward in 1...3 {
    for inputs in 1...3 {
      for weights in 0...3 {
        let (f, b) = (Double(forward), Double(inputs + weights))
        for pair in [f + b, b, max(f, b) + 0.5] {
          costs.append(Costs(forward: f, backward: b, weights: Double(weights), pair: pair))
        }
      }
    }
  }
  return costs
}()

@Suite struct `The time of a schedule` {
  @Test(arguments: PipelineMethod.allCases)
  func `is its closed form wherever there is one`(_ method: PipelineMethod) throws {
    var checked = 0
    for ranks in 1...8 {
      for microBatches in [1, 2, 3, 4, 6, 8, 10, 12, 15, 16, 18, 20, 24] {
        guard
          let schedule = try? method.schedule(ranks: ranks, microBatches: microBatches)
        else { continue }
        for costs in ranks < 5 ? manyCosts : [Costs(), Costs(pair: 2.5), Costs(forward: 2)] {
          guard let time = method.time(ranks: ranks, microBatches: microBatches, costs: costs)
          else { continue }
          checked += 1
          let timetable = try Timetable(schedule, costs)
          let measured =
            method == .zeroBubbleTwice ? timetable.longestSpan : timetable.makespan
          #expect(measured == time, "\(method), \(ranks) × \(microBatches), \(costs)")
        }
      }
    }
    #expect(checked >= 100, "\(method): only \(checked) cases")
  }

  @Test func `of eight ranks and twenty micro-batches is the published one`() throws {
    func makespan(_ name: String, _ costs: Costs = Costs()) throws -> Double {
      try Timetable(.named(name, ranks: 8, microBatches: 20), costs).makespan
    }
    #expect(try makespan("gpipe") == 81)
    #expect(try makespan("1f1b") == 81)
    #expect(try makespan("zb1p") == 67)
    #expect(try makespan("dualpipe") == 66)
    let overlapped = try [2.75, 2.5, 2.25, 2].map { try makespan("dualpipe", Costs(pair: $0)) }
    #expect(overlapped == [62.5, 59, 55.5, 52])
  }

  @Test func `for fewer micro-batches than ranks is that of the zero-bubble paper`() throws {
    #expect(try Timetable(.oneForwardOneBackward(ranks: 4, microBatches: 3)).makespan == 18)
    #expect(try Timetable(.zeroBubble(ranks: 4, microBatches: 3)).makespan == 13)
  }

  @Test func `with the bubbles of table 2 is idle as long as printed`() throws {
    let names = [("1f1b", 21.0), ("zb1p", 7), ("dualpipe", 6)]
    for (name, bubble) in names {
      #expect(try Timetable(.named(name, ranks: 8, microBatches: 20)).bubble == bubble)
    }
    // Ranks farther out have fewer pairs to gain from, and less to wait for.
    let idle = try Timetable(.dualPipe(ranks: 8, microBatches: 20), Costs(pair: 2.5)).idle
    #expect(idle[0] == idle[3] - (8 / 2 - 2) * (3 - 2.5))
    #expect(idle[3] == PipelineMethod.dualPipe.bubble(ranks: 8, costs: Costs(pair: 2.5)))
  }

  @Test func `without a bubble is all work, and the next step follows at once`() throws {
    let (ranks, microBatches) = (4, 9)
    let step = try PipelineSchedule.zeroBubbleTwice(ranks: ranks, microBatches: microBatches)
    let one = try Timetable(step)
    #expect(one.spans == one.busy)
    #expect(one.makespan == one.longestSpan + Double(ranks - 1))
    let next = step.plan.map { operations in
      operations.map { operation in
        operation.map { Chunk(stage: $0.stage, microBatch: $0.microBatch + microBatches) }
      }
    }
    let both = PipelineSchedule(
      name: "twice",
      placement: Placement(
        routes: step.placement.routes, ways: Array(repeating: 0, count: 2 * microBatches)),
      plan: zip(step.plan, next).map { $0 + $1 })
    #expect(try Timetable(both).makespan == one.makespan + one.longestSpan)
  }

  @Test func `of Chimera has the published share of bubbles when passes are equally long`()
    throws
  {
    let costs = Costs(forward: 1, backward: 1, weights: 0)
    for ranks in [2, 4, 6, 8] {
      for units in 1...3 {
        let (d, n) = (Double(ranks), Double(units * ranks))
        let timetable = try Timetable(
          .chimera(ranks: ranks, microBatches: units * ranks), costs)
        #expect(abs(timetable.bubbleFraction - (d - 2) / (2 * n + d - 2)) < 1e-15)
      }
    }
  }

  @Test func `of 1F1B idles (P - 1) of (M + P - 1)`() throws {
    for (ranks, microBatches) in [(4, 4), (4, 12), (8, 20)] {
      let share = Double(ranks - 1) / Double(microBatches + ranks - 1)
      for name in ["gpipe", "1f1b"] {
        let timetable = try Timetable(.named(name, ranks: ranks, microBatches: microBatches))
        #expect(abs(timetable.bubbleFraction - share) < 1e-15)
      }
    }
  }

  @Test func `grows with the messages on the way`() throws {
    // One micro-batch through P ranks and back: 2(P - 1) messages.
    let lone = try PipelineSchedule.gpipe(ranks: 5, microBatches: 1)
    #expect(try Timetable(lone, Costs(transfer: 0.25)).makespan == 5 * 3 + 8 * 0.25)
    // DualPipeV turns round on its last rank, where nothing travels.
    let turn = try PipelineSchedule.dualPipeV(ranks: 1, microBatches: 4)
    #expect(
      try Timetable(turn, Costs(transfer: 9)).makespan == Timetable(turn).makespan)
    for method in PipelineMethod.allCases {
      let schedule = try method.schedule(ranks: 4, microBatches: 16)
      let times = try [0, 0.5, 1, 2].map {
        try Timetable(schedule, Costs(transfer: $0)).makespan
      }
      #expect(times == times.sorted() && times[0] < times[3])
      #expect(method.time(ranks: 4, microBatches: 16, costs: Costs(transfer: 1)) == nil)
    }
  }

  /// The definition, with nothing clever: again and again, every operation's start is pushed to the
  /// latest of what it needs, until nothing moves.
  @Test(arguments: PipelineMethod.allCases)
  func `is what its definition says`(_ method: PipelineMethod) throws {
    let costs = Costs(forward: 3, backward: 7, weights: 3, pair: 8, transfer: 0.5)
    let schedule = try method.schedule(ranks: 4, microBatches: 8)
    var starts = schedule.plan.map { $0.map { _ in 0.0 } }
    var moved = true
    while moved {
      moved = false
      var ends: [String: Double] = [:]
      for (rank, operations) in schedule.plan.enumerated() {
        for (place, operation) in operations.enumerated() {
          let end = starts[rank][place] + costs.duration(of: operation)
          if let chunk = operation.forwardChunk { ends["F \(chunk)"] = end }
          if let chunk = operation.backwardChunk { ends["B \(chunk)"] = end }
        }
      }
      func arrival(_ kind: String, _ chunk: Chunk, at rank: Int) -> Double {
        let travel = schedule.placement.rank(of: chunk) == rank ? 0 : costs.transfer
        return (ends["\(kind) \(chunk)"] ?? .infinity) + travel
      }
      for (rank, operations) in schedule.plan.enumerated() {
        for (place, operation) in operations.enumerated() {
          var start = 0.0
          if place > 0 {
            start = starts[rank][place - 1] + costs.duration(of: operations[place - 1])
          }
          if let c = operation.forwardChunk, c.stage > 0 {
            let before = Chunk(stage: c.stage - 1, microBatch: c.microBatch)
            start = max(start, arrival("F", before, at: rank))
          }
          if let c = operation.backwardChunk, c.stage + 1 < schedule.stages {
            let after = Chunk(stage: c.stage + 1, microBatch: c.microBatch)
            start = max(start, arrival("B", after, at: rank))
          }
          if start > starts[rank][place] { (starts[rank][place], moved) = (start, true) }
        }
      }
    }
    let timetable = try Timetable(schedule, costs)
    #expect(timetable.entries.map { $0.map(\.start) } == starts)
  }
}
