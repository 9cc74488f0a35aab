/// A schedule on its way: every rank does its operations in order, each as soon as it can.
struct ScheduleRun {
  private let schedule: PipelineSchedule
  private let costs: Costs
  private(set) var entries: [[Timetable.Entry]]
  /// When each chunk's pass ended; nil if it has not been done.
  private var forwardEnds: [Double?]
  private var backwardEnds: [Double?]

  init(_ schedule: PipelineSchedule, _ costs: Costs) {
    self.schedule = schedule
    self.costs = costs
    entries = schedule.plan.map { _ in [] }
    let chunks = schedule.stages * schedule.microBatches
    forwardEnds = Array(repeating: nil, count: chunks)
    backwardEnds = Array(repeating: nil, count: chunks)
  }

  /// Runs all that can run; returns the ranks that never finish, or nil when all do.
  mutating func finish() -> [StalledRank]? {
    var progress = true
    while progress {
      progress = false
      for rank in schedule.plan.indices {
        while step(rank) { progress = true }
      }
    }
    let stalled = schedule.plan.indices.compactMap(stall)
    return stalled.isEmpty ? nil : stalled
  }

  /// Does the next operation of a rank if what it needs has been done.
  private mutating func step(_ rank: Int) -> Bool {
    let place = entries[rank].count
    guard place < schedule.plan[rank].count else { return false }
    let operation = schedule.plan[rank][place]
    var start = entries[rank].last?.end ?? 0
    for need in needs(of: operation) {
      guard let end = end(of: need) else { return false }
      let travels = schedule.placement.rank(of: need.chunk) != rank
      start = max(start, travels ? end + costs.transfer : end)
    }
    let end = start + costs.duration(of: operation)
    entries[rank].append(Timetable.Entry(operation: operation, start: start, end: end))
    if let chunk = operation.forwardChunk { forwardEnds[index(chunk)] = end }
    if let chunk = operation.backwardChunk { backwardEnds[index(chunk)] = end }
    return true
  }

  private func stall(_ rank: Int) -> StalledRank? {
    let position = entries[rank].count
    guard position < schedule.plan[rank].count else { return nil }
    let operation = schedule.plan[rank][position]
    guard let need = needs(of: operation).first(where: { end(of: $0) == nil }) else {
      return nil
    }
    return StalledRank(
      place: SchedulePlace(rank: rank, position: position), operation: operation,
      pass: need.pass, chunk: need.chunk, partner: schedule.placement.rank(of: need.chunk))
  }

  private typealias Need = (pass: Duty, chunk: Chunk)

  /// What must be done before an operation, except for what stands before it on its rank.
  private func needs(of operation: Operation) -> [Need] {
    var needs: [Need] = []
    if let chunk = operation.forwardChunk, chunk.stage > 0 {
      needs.append((.forward, Chunk(stage: chunk.stage - 1, microBatch: chunk.microBatch)))
    }
    if let chunk = operation.backwardChunk {
      needs.append((.forward, chunk))
      if chunk.stage + 1 < schedule.stages {
        needs.append((.backward, Chunk(stage: chunk.stage + 1, microBatch: chunk.microBatch)))
      }
    }
    if case .weights(let chunk) = operation { needs.append((.backward, chunk)) }
    return needs
  }

  private func end(of need: Need) -> Double? {
    guard schedule.placement.contains(need.chunk) else { return nil }
    return (need.pass == .forward ? forwardEnds : backwardEnds)[index(need.chunk)]
  }

  private func index(_ chunk: Chunk) -> Int {
    chunk.stage * schedule.microBatches + chunk.microBatch
  }
}
