/// A place in a schedule: the rank and the position in its list, both from 0.
public struct SchedulePlace: Hashable, Sendable, CustomStringConvertible {
  /// The rank.
  public let rank: Int
  /// The position among the operations of the rank.
  public let position: Int

  /// Names a place.
  public init(rank: Int, position: Int) {
    self.rank = rank
    self.position = position
  }

  /// Such as: rank 2, operation 7.
  public var description: String { "rank \(rank), operation \(position)" }
}

/// What must be done once for each chunk.
public enum Duty: String, Hashable, Sendable, CaseIterable {
  /// Its forward pass.
  case forward
  /// Its backward pass as far as the input, for which the neighbour waits.
  case backward
  /// The gradient of its weights.
  case weights
}

/// A rank that cannot go on, and for what it waits.
public struct StalledRank: Hashable, Sendable, CustomStringConvertible {
  /// Where it stands.
  public let place: SchedulePlace
  /// What it is to do there.
  public let operation: Operation
  /// The pass that it needs first.
  public let pass: Duty
  /// Of which chunk.
  public let chunk: Chunk
  /// The rank that should have done it; it may be the same.
  public let partner: Int

  /// Such as: rank 2, operation 7 (F of …), waits for the forward pass of … on rank 1.
  public var description: String {
    "\(place) (\(operation)), waits for the \(pass.rawValue) pass of \(chunk) on rank \(partner)"
  }
}

/// A mistake in a schedule.
public enum ScheduleFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// There is no such stage or micro-batch.
  case unknownChunk(SchedulePlace, Operation)
  /// The chunk belongs to another rank.
  case wrongRank(SchedulePlace, Operation, owner: Int)
  /// Nobody does a pass.
  case missing(Duty, Chunk, rank: Int)
  /// A pass is done again.
  case repeated(SchedulePlace, Duty, Chunk)
  /// A backward pass stands before the forward pass of its chunk.
  case backwardBeforeForward(SchedulePlace, Chunk)
  /// The weights' half of a backward pass stands before the input's half.
  case weightsBeforeInputs(SchedulePlace, Chunk)
  /// A gradient of weights is not the one that has waited longest.
  case outOfOrder(SchedulePlace, Chunk, oldest: Chunk)
  /// A rank holds more chunks than it may.
  case tooManyChunks(rank: Int, chunks: Int, limit: Int)
  /// Everybody who has not finished waits for somebody.
  case deadlock([StalledRank])

  /// One sentence that names the rank, the place and the rule.
  public var description: String {
    switch self {
    case .unknownChunk(let place, let operation):
      "\(place) is \(operation), which is not in the placement."
    case .wrongRank(let place, let operation, let owner):
      "\(place) is \(operation), which belongs to rank \(owner)."
    case .missing(let pass, let chunk, let rank):
      "rank \(rank) lacks the \(pass.rawValue) pass of \(chunk); each is done once."
    case .repeated(let place, let pass, let chunk):
      "\(place) repeats the \(pass.rawValue) pass of \(chunk); each is done once."
    case .backwardBeforeForward(let place, let chunk):
      "\(place) takes \(chunk) backward, but its forward pass comes later."
    case .weightsBeforeInputs(let place, let chunk):
      "\(place) is W of \(chunk), but its I comes later."
    case .outOfOrder(let place, let chunk, let oldest):
      "\(place) is W of \(chunk), but \(oldest) has waited longer; the first to come is the first to go."
    case .tooManyChunks(let rank, let chunks, let limit):
      "rank \(rank) holds \(chunks) chunks at once; the limit is \(limit)."
    case .deadlock(let ranks):
      "Nobody can go on: " + ranks.map(\.description).joined(separator: "; ") + "."
    }
  }
}
