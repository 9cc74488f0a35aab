extension PipelineSchedule {
  /// What is wrong with the schedule; nothing if it can be carried out and does a whole step.
  public var faults: [ScheduleFault] { faults(limit: nil) }

  /// What is wrong with the schedule when a rank may hold only so many chunks.
  public func faults(limit: Int?) -> [ScheduleFault] {
    var checker = ScheduleChecker(schedule: self)
    checker.readPlan()
    // What does not exist cannot be run.
    if !checker.allExist { return checker.faults }
    if let limit {
      for (rank, memory) in memory.enumerated() where memory.chunks > limit {
        checker.faults.append(
          .tooManyChunks(rank: rank, chunks: memory.chunks, limit: limit))
      }
    }
    return checker.faults + deadlock
  }

  private var deadlock: [ScheduleFault] {
    var run = ScheduleRun(self, Costs())
    guard let stalled = run.finish() else { return [] }
    return [.deadlock(stalled)]
  }
}

/// Reads a plan once and notes what breaks a rule that needs no clock.
private struct ScheduleChecker {
  let schedule: PipelineSchedule
  var faults: [ScheduleFault] = []
  /// Whether all stages and micro-batches are in the placement.
  private(set) var allExist = true
  /// Where each pass of each chunk stands first.
  private var places: [Duty: [Chunk: SchedulePlace]] = [:]
  /// Where I of a chunk stands.
  private var halves: [Chunk: SchedulePlace] = [:]

  init(schedule: PipelineSchedule) { self.schedule = schedule }

  mutating func readPlan() {
    for (rank, operations) in schedule.plan.enumerated() {
      for (position, operation) in operations.enumerated() {
        note(operation, at: SchedulePlace(rank: rank, position: position))
      }
    }
    findWhatIsMissing()
    for (rank, operations) in schedule.plan.enumerated() {
      checkOrder(of: operations, on: rank)
    }
  }

  private mutating func note(_ operation: Operation, at place: SchedulePlace) {
    let placement = schedule.placement
    guard operation.chunks.allSatisfy(placement.contains) else {
      faults.append(.unknownChunk(place, operation))
      allExist = false
      return
    }
    let owners = operation.chunks.map(placement.rank(of:))
    if let owner = owners.first(where: { $0 != place.rank }) {
      faults.append(.wrongRank(place, operation, owner: owner))
    }
    if case .inputs(let chunk) = operation, halves[chunk] == nil { halves[chunk] = place }
    let passes: [(Duty, Chunk?)] = [
      (.forward, operation.forwardChunk), (.backward, operation.backwardChunk),
      (.weights, operation.weightsChunk),
    ]
    for case (let pass, let chunk?) in passes {
      if places[pass]?[chunk] == nil {
        places[pass, default: [:]][chunk] = place
      } else {
        faults.append(.repeated(place, pass, chunk))
      }
    }
  }

  private mutating func findWhatIsMissing() {
    for microBatch in 0..<schedule.microBatches {
      for stage in 0..<schedule.stages {
        let chunk = Chunk(stage: stage, microBatch: microBatch)
        let rank = schedule.placement.rank(of: chunk)
        for pass in schedule.isForwardOnly ? [.forward] : Duty.allCases
        where places[pass]?[chunk] == nil {
          faults.append(.missing(pass, chunk, rank: rank))
          // Without a backward pass there is no gradient of weights either: one fault is
          // enough.
          if pass == .backward { break }
        }
      }
    }
  }

  private mutating func checkOrder(of operations: [Operation], on rank: Int) {
    var queue: [Chunk] = []
    var tooEarly: Set<Chunk> = []
    for (position, operation) in operations.enumerated() {
      let place = SchedulePlace(rank: rank, position: position)
      if let chunk = operation.backwardChunk, let forward = places[.forward]?[chunk],
        forward.rank == rank, forward.position >= position
      {
        faults.append(.backwardBeforeForward(place, chunk))
      }
      switch operation {
      case .inputs(let chunk) where !tooEarly.contains(chunk): queue.append(chunk)
      case .weights(let chunk):
        if let index = queue.firstIndex(of: chunk) {
          if index > 0 { faults.append(.outOfOrder(place, chunk, oldest: queue[0])) }
          queue.remove(at: index)
        } else if let half = halves[chunk], half.rank == rank, half.position > position {
          faults.append(.weightsBeforeInputs(place, chunk))
          tooEarly.insert(chunk)
        }
      default: break
      }
    }
  }
}
