/// What every rank of a pipeline does in one training step, in which order.
///
/// It says nothing about time: an operation begins when those before it on its rank are done
/// and what it needs has come.
public struct PipelineSchedule: Sendable, Equatable {
  /// The name by which it is called, such as `dualpipe`.
  public let name: String
  /// Which rank works on which chunk.
  public let placement: Placement
  /// The operations of each rank, in order.
  public let plan: [[Operation]]
  /// Whether it is for inference, which has no backward passes.
  public let isForwardOnly: Bool

  /// Describes a schedule; whether it can be carried out is for `faults` to say.
  public init(
    name: String, placement: Placement, plan: [[Operation]], isForwardOnly: Bool = false
  ) {
    self.name = name
    self.placement = placement
    self.plan = plan
    self.isForwardOnly = isForwardOnly
  }

  /// P, the number of ranks.
  public var ranks: Int { plan.count }
  /// M, the number of micro-batches.
  public var microBatches: Int { placement.ways.count }
  /// The number of stages.
  public var stages: Int { placement.stages }

  /// The same schedule for inference: without backward passes, and a pair is a forward pass.
  public var forwardOnly: PipelineSchedule {
    PipelineSchedule(
      name: name, placement: placement,
      plan: plan.map { $0.compactMap(\.forwardChunk).map(Operation.forward) },
      isForwardOnly: true)
  }
}
