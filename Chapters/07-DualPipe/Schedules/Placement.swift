import Tensors

/// Which rank holds which stage, for the micro-batches of each way through the pipeline.
public struct Placement: Sendable, Equatable {
  /// The rank of each stage, for each way.
  public let routes: [[Int]]
  /// The way that each micro-batch takes.
  public let ways: [Int]

  /// Describes a placement.
  public init(routes: [[Int]], ways: [Int]) {
    insist(
      Set(routes.map(\.count)).count == 1, "Placement: routes of \(routes.map(\.count)) stages")
    insist(
      ways.allSatisfy(routes.indices.contains),
      "Placement: ways \(ways), routes \(routes.count)")
    self.routes = routes
    self.ways = ways
  }

  /// The number of stages into which the model is cut.
  public var stages: Int { routes[0].count }

  /// The rank that works on a chunk.
  public func rank(of chunk: Chunk) -> Int { routes[ways[chunk.microBatch]][chunk.stage] }

  /// Whether there is such a stage and such a micro-batch.
  public func contains(_ chunk: Chunk) -> Bool {
    routes[0].indices.contains(chunk.stage) && ways.indices.contains(chunk.microBatch)
  }
}

extension Placement {
  /// One way; stage s is on rank s.
  static func line(ranks: Int, microBatches: Int) -> Placement {
    rounds(1, ranks: ranks, microBatches: microBatches)
  }

  /// One way that visits every rank in turn, several times; stage s is on rank s mod P.
  static func rounds(_ count: Int, ranks: Int, microBatches: Int) -> Placement {
    Placement(
      routes: [(0..<ranks * count).map { $0 % ranks }],
      ways: Array(repeating: 0, count: microBatches))
  }

  /// Two ways, half of the micro-batches on each; stage s is on rank s and on rank P - 1 - s.
  static func twoWays(ranks: Int, microBatches: Int) -> Placement {
    Placement(
      routes: [Array(0..<ranks), (0..<ranks).reversed()],
      ways: (0..<microBatches).map { $0 < microBatches / 2 ? 0 : 1 })
  }

  /// One way, down the ranks and up again: two stages a rank, both ends of the model on rank 0.
  static func there(andBack ranks: Int, microBatches: Int) -> Placement {
    Placement(
      routes: [Array(0..<ranks) + (0..<ranks).reversed()],
      ways: Array(repeating: 0, count: microBatches))
  }
}
