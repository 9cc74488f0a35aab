import Attention
import Tensors

/// What one rank does and keeps during a step.
struct PipelineRank {
  private let rank: Rank
  private let pipeline: Pipeline
  private let coefficients: Coefficients
  private let microBatches: [MicroBatch]
  /// The trips that have gone forward and not yet backward.
  private var trips: [Chunk: StageTrip] = [:]
  /// The halves that are left for later, oldest first.
  private var waiting: [(chunk: Chunk, gradients: DeferredGradients)] = []
  /// What one stage of this rank hands to another of this rank.
  private var own: [String: Tensor] = [:]
  private var report = RankReport()

  init(
    _ rank: Rank, of pipeline: Pipeline, _ coefficients: Coefficients,
    _ microBatches: [MicroBatch]
  ) {
    self.rank = rank
    self.pipeline = pipeline
    self.coefficients = coefficients
    self.microBatches = microBatches
  }

  /// Receives what an operation needs, performs it, and sends on what it has made.
  ///
  /// A pair begins when both its inputs have come. On a cluster its two halves then overlap, one
  /// computing while the other's rows travel; here they follow each other.
  mutating func perform(_ operation: Operation) throws {
    switch operation {
    case .forward(let chunk):
      try hand(on: try goForward(chunk, from: try activation(for: chunk)), from: chunk)
    case .backward(let chunk):
      let (input, weights) = try goBackward(chunk, from: try upstream(for: chunk))
      report.add(weights.now(), of: copy(chunk), chunk)
      try hand(back: input, from: chunk)
    case .inputs(let chunk):
      let (input, weights) = try goBackward(chunk, from: try upstream(for: chunk))
      waiting.append((chunk, weights))
      try hand(back: input, from: chunk)
    case .weights(let chunk):
      report.add(try oldest(chunk).now(), of: copy(chunk), chunk)
    case .pair(forward: let ahead, backward: let back):
      let (activation, upstream) = (try activation(for: ahead), try upstream(for: back))
      let output = try goForward(ahead, from: activation)
      let (input, weights) = try goBackward(back, from: upstream)
      report.add(weights.now(), of: copy(back), back)
      try hand(on: output, from: ahead)
      try hand(back: input, from: back)
    }
    report.mostWaiting = max(report.mostWaiting, waiting.count)
  }

  /// Tells what has come of the plan; nothing may be left undone.
  consuming func finish() throws(PipelineError) -> RankReport {
    guard trips.isEmpty, waiting.isEmpty else {
      throw .leftOver(
        rank: rank.index,
        backward: trips.keys.sorted { ($0.microBatch, $0.stage) < ($1.microBatch, $1.stage) },
        weights: waiting.map(\.chunk))
    }
    return report
  }
}

// MARK: Computing

extension PipelineRank {
  private mutating func goForward(
    _ chunk: Chunk, from activation: Tensor?
  ) throws(PipelineError) -> Tensor {
    let microBatch = microBatches[chunk.microBatch]
    guard chunk.stage > 0 && !isLast(chunk) || microBatch.batch != nil else {
      throw .notFed(rank: rank.index, chunk)
    }
    let trip = StageTrip(
      activation, of: microBatch, through: pipeline.stages[chunk.stage], coefficients,
      on: Tape(recording: !pipeline.schedule.isForwardOnly, products: pipeline.products))
    report.note(trip, chunk)
    // Without a way back there is nothing to keep.
    if pipeline.schedule.isForwardOnly { return trip.output.value }
    trips[chunk] = trip
    report.mostTrips = max(report.mostTrips, trips.count)
    return trip.output.value
  }

  /// Goes back to the input; the trip is over, and only what the weights will need stays.
  private mutating func goBackward(
    _ chunk: Chunk, from upstream: Tensor?
  ) throws(PipelineError) -> (input: Tensor?, weights: DeferredGradients) {
    guard let trip = trips.removeValue(forKey: chunk) else {
      throw .noForward(rank: rank.index, chunk)
    }
    return trip.backward(upstream)
  }

  /// Takes the oldest half that waits, which the plan must name.
  private mutating func oldest(_ chunk: Chunk) throws(PipelineError) -> DeferredGradients {
    guard let oldest = waiting.first, oldest.chunk == chunk else {
      throw .wrongWeights(
        rank: rank.index, planned: chunk, oldest: waiting.first?.chunk)
    }
    return waiting.removeFirst().gradients
  }

  private func isLast(_ chunk: Chunk) -> Bool { chunk.stage == pipeline.schedule.stages - 1 }

  private func copy(_ chunk: Chunk) -> StageCopy {
    StageCopy(stage: chunk.stage, way: way(chunk))
  }

  private func way(_ chunk: Chunk) -> Int {
    pipeline.schedule.placement.ways[chunk.microBatch]
  }
}

// MARK: Handing on

extension PipelineRank {
  /// What the stage before has made; the first stage needs nothing.
  private mutating func activation(for chunk: Chunk) throws -> Tensor? {
    guard chunk.stage > 0 else { return nil }
    return try take(.activation, for: chunk, from: neighbour(of: chunk, by: -1))
  }

  /// The gradient of what the stage has made; the last stage made the loss, and needs nothing.
  private mutating func upstream(for chunk: Chunk) throws -> Tensor? {
    guard !isLast(chunk) else { return nil }
    return try take(.gradient, for: chunk, from: neighbour(of: chunk, by: 1))
  }

  private mutating func hand(on output: Tensor, from chunk: Chunk) throws {
    guard !isLast(chunk) else { return }
    try give(Parcel(cargo: .activation, chunk: neighbour(of: chunk, by: 1), tensor: output))
  }

  private mutating func hand(back input: Tensor?, from chunk: Chunk) throws {
    guard chunk.stage > 0, let input else { return }
    try give(Parcel(cargo: .gradient, chunk: neighbour(of: chunk, by: -1), tensor: input))
  }

  private func neighbour(of chunk: Chunk, by step: Int) -> Chunk {
    Chunk(stage: chunk.stage + step, microBatch: chunk.microBatch)
  }

  /// Sends a parcel, or keeps it when the rank itself is the one to whom it goes.
  private mutating func give(_ parcel: Parcel) throws {
    let destination = pipeline.schedule.placement.rank(of: parcel.chunk)
    guard destination != rank.index else {
      own[parcel.label] = parcel.tensor
      return
    }
    let line = line(from: rank.index, to: destination, parcel.cargo, way(parcel.chunk))
    try rank.send(parcel, to: destination, over: line, bytes: parcel.bytes)
  }

  /// Takes the next parcel from a line, which must be the one that is wanted.
  private mutating func take(
    _ cargo: Cargo, for chunk: Chunk, from other: Chunk
  ) throws -> Tensor {
    let source = pipeline.schedule.placement.rank(of: other)
    let expected = Parcel.label(cargo, chunk)
    guard source != rank.index else {
      guard let tensor = own.removeValue(forKey: expected) else {
        throw PipelineError.notMade(rank: rank.index, expected)
      }
      return tensor
    }
    let parcel = try rank.receive(
      from: source, over: line(from: source, to: rank.index, cargo, way(chunk)))
    guard parcel.cargo == cargo, parcel.chunk == chunk else {
      throw PipelineError.wrongParcel(
        rank: rank.index, expected: expected, found: parcel.label)
    }
    return parcel.tensor
  }

  private func line(
    from source: Int, to destination: Int, _ cargo: Cargo, _ way: Int
  ) -> Line<Parcel> {
    let hop = Hop(source: source, destination: destination, cargo: cargo, way: way)
    return Line(pipeline.wiring.line(hop))
  }
}
