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
}

/// What every rank of a pipeline does in one training step, in which order.
///
/// It says nothing about time: an operation begins when those before it on its rank are done and
/// what it needs has come.
public struct PipelineSchedule: Sendable, Equatable {
  /// The name by which it is called, such as `dualpipe`.
  public let name: String
  /// Which rank works on which chunk.
  public let placement: Placement
  /// The operations of each rank, in order.
  public let plan: [[Operation]]

  /// Describes a schedule.
  public init(name: String, placement: Placement, plan: [[Operation]]) {
    self.name = name
    self.placement = placement
    self.plan = plan
  }

  /// P, the number of ranks.
  public var ranks: Int { plan.count }
  /// M, the number of micro-batches.
  public var microBatches: Int { placement.ways.count }
  /// The number of stages.
  public var stages: Int { placement.stages }
}
