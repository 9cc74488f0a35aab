import Tensors

/// What travels between two stages.
public enum Cargo: String, Sendable, Hashable {
  /// From a stage to the next.
  case activation
  /// From a stage to the one before.
  case gradient
}

/// A message between ranks: a tensor, and what it is.
///
/// A line knows nothing but an order. The label costs a few bytes and turns a mistake in the order
/// into a sentence; without it, a micro-batch would get another's gradient and nobody would know.
struct Parcel: Sendable {
  let cargo: Cargo
  /// The chunk that waits for it.
  let chunk: Chunk
  let tensor: Tensor

  var label: String { Self.label(cargo, chunk) }
  var bytes: Int { tensor.count * MemoryLayout<Float>.size }

  static func label(_ cargo: Cargo, _ chunk: Chunk) -> String {
    "the \(cargo.rawValue) for \(chunk)"
  }
}

/// One direction of the traffic between two ranks.
public struct Hop: Sendable, Hashable {
  /// Who sends.
  public let source: Int
  /// Who receives.
  public let destination: Int
  /// What is sent.
  public let cargo: Cargo
  /// The way that the micro-batches take.
  public let way: Int
}

/// How the ranks of a pipeline are joined, and who is handed the data.
public struct Wiring: Sendable {
  /// How many messages a line holds.
  public var capacity: Int
  /// The line that a hop takes; hops between the same two ranks with one name share a line.
  public var line: @Sendable (Hop) -> String
  /// The ranks that are handed the tokens and targets of a micro-batch.
  public var feed: @Sendable (Placement, _ microBatch: Int) -> Set<Int>

  /// Describes a wiring; unless said otherwise, the ranks at the two ends of a way are fed.
  public init(
    capacity: Int = 1, line: @escaping @Sendable (Hop) -> String,
    feed: @escaping @Sendable (Placement, _ microBatch: Int) -> Set<Int> = Self.ends
  ) {
    self.capacity = capacity
    self.line = line
    self.feed = feed
  }

  /// A line for each cargo and each way: no message waits behind one of another kind.
  ///
  /// Then room for one message is enough for every schedule of this chapter.
  public static func apart(capacity: Int = 1) -> Wiring {
    Wiring(capacity: capacity) { "\($0.cargo.rawValue)s of way \($0.way)" }
  }

  /// One line from each rank to each, for everything.
  ///
  /// It seems to do: small pipelines run. With six ranks of DualPipe the two ends of a line disagree
  /// on what comes first.
  public static func shared(capacity: Int = 1) -> Wiring {
    Wiring(capacity: capacity) { _ in "messages" }
  }

  /// The two ends of a micro-batch's way: the first stage reads tokens, the last compares targets.
  @Sendable public static func ends(_ placement: Placement, microBatch: Int) -> Set<Int> {
    [0, placement.stages - 1].reduce(into: []) { ranks, stage in
      ranks.insert(placement.rank(of: Chunk(stage: stage, microBatch: microBatch)))
    }
  }
}
