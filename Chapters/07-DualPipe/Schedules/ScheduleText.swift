extension PipelineSchedule {
  /// The operations of each rank in order, a line for each: `r0: F0 Fa F1 Ba Fb|B0 Bb I1 W1`.
  ///
  /// `Fb|B0` is a pair. Chunks are called as in `Timetable.text`.
  public var text: String {
    let labels = ChunkLabels(placement)
    return plan.enumerated().map { rank, operations in
      (["r\(rank):"] + operations.map { Self.text(of: $0, labels) }).joined(separator: " ")
    }.joined(separator: "\n")
  }

  private static func text(of operation: Operation, _ labels: ChunkLabels) -> String {
    switch operation {
    case .forward(let chunk): "F" + labels[chunk]
    case .backward(let chunk): "B" + labels[chunk]
    case .inputs(let chunk): "I" + labels[chunk]
    case .weights(let chunk): "W" + labels[chunk]
    case .pair(let forward, let backward): "F\(labels[forward])|B\(labels[backward])"
    }
  }
}

/// Short names for the chunks of a placement.
struct ChunkLabels {
  private let placement: Placement
  /// The place of each micro-batch among those of its way.
  private let indices: [Int]
  /// How many stages a rank has worked through before a stage, for each way.
  private let visits: [[Int]]
  private let isShort: Bool

  init(_ placement: Placement) {
    self.placement = placement
    var counts = Array(repeating: 0, count: placement.routes.count)
    indices = placement.ways.map { way in
      defer { counts[way] += 1 }
      return counts[way]
    }
    visits = placement.routes.map { route in
      var seen: [Int: Int] = [:]
      return route.map { rank in
        defer { seen[rank, default: 0] += 1 }
        return seen[rank, default: 0]
      }
    }
    let lanes = placement.routes.count * (1 + (visits.joined().max() ?? 0))
    isShort = lanes <= 2 && (counts.max() ?? 0) <= 10
  }

  /// The name of a chunk.
  subscript(_ chunk: Chunk) -> String {
    let way = placement.ways[chunk.microBatch]
    let index = indices[chunk.microBatch]
    let lane = way + placement.routes.count * visits[way][chunk.stage]
    guard isShort else { return "\(index)" + String(repeating: "'", count: lane) }
    return lane == 0 ? "\(index)" : String(UnicodeScalar(UInt8(97 + index)))
  }
}
