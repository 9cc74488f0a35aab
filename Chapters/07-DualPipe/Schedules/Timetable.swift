/// When every operation of a schedule runs if each begins as soon as it can.
public struct Timetable: Sendable {
  /// One operation and when it runs.
  public struct Entry: Sendable, Equatable {
    /// What is done.
    public let operation: Operation
    /// When it begins.
    public let start: Double
    /// When it ends.
    public let end: Double
  }

  /// The schedule.
  public let schedule: PipelineSchedule
  /// How long its operations last.
  public let costs: Costs
  /// The operations of each rank, in order.
  public let entries: [[Entry]]

  /// Works out a schedule's times; throws the first fault for which it cannot be carried out.
  public init(
    _ schedule: PipelineSchedule, _ costs: Costs = Costs()
  ) throws(ScheduleFault) {
    for (rank, operations) in schedule.plan.enumerated() {
      for (position, operation) in operations.enumerated()
      where !operation.chunks.allSatisfy(schedule.placement.contains) {
        throw .unknownChunk(SchedulePlace(rank: rank, position: position), operation)
      }
    }
    var run = ScheduleRun(schedule, costs)
    if let stalled = run.finish() { throw .deadlock(stalled) }
    self.schedule = schedule
    self.costs = costs
    entries = run.entries
  }

  /// The time from the first beginning to the last end.
  public var makespan: Double { entries.compactMap(\.last?.end).max() ?? 0 }

  /// How long each rank works.
  public var busy: [Double] {
    entries.map { $0.reduce(0) { $0 + costs.duration(of: $1.operation) } }
  }

  /// How long each rank does nothing during the makespan.
  public var idle: [Double] { busy.map { makespan - $0 } }

  /// The time from each rank's own first beginning to its own last end.
  public var spans: [Double] {
    entries.map { ($0.last?.end ?? 0) - ($0.first?.start ?? 0) }
  }

  /// The longest span: the time of a step when steps follow each other and nobody waits for
  /// all.
  public var longestSpan: Double { spans.max() ?? 0 }

  /// The bubble: how long the rank that waits most does nothing.
  public var bubble: Double { idle.max() ?? 0 }

  /// The share of all ranks' time that is idle.
  public var bubbleFraction: Double {
    let whole = makespan * Double(entries.count)
    return whole > 0 ? idle.reduce(0, +) / whole : 0
  }

  /// What each rank holds at most.
  public var memory: [RankMemory] { schedule.memory }
}
