import Attention
import Tensors
import Text

/// A model in stages and a schedule that says who does what: it computes the gradient of a
/// batch.
///
/// DualPipe and Chimera hold every stage twice. On real machines each copy has weights of its
/// own, kept equal by adding the copies' gradients after each step; here the copies share their
/// `Parameter`s, whose values no rank changes, and the gradients are added just the same.
public struct Pipeline: Sendable {
  /// Who does what.
  public let schedule: PipelineSchedule
  /// The parts of the model.
  public let stages: [any PipelineStage]
  /// How the ranks are joined.
  public var wiring = Wiring.apart()
  /// How the stages compute the products with weights.
  public var products: any MatrixProduct = SinglePrecision()
  /// Called by each rank before each operation: to watch, or to fail on purpose.
  public var probe: @Sendable (_ rank: Int, Operation) throws -> Void = { _, _ in }

  /// Joins a schedule and the stages that it needs.
  public init(
    _ schedule: PipelineSchedule, stages: [any PipelineStage]
  ) throws(PipelineError) {
    guard schedule.stages == stages.count else {
      throw .wrongStages(
        schedule: schedule.name, needed: schedule.stages, given: stages.count)
    }
    self.schedule = schedule
    self.stages = stages
  }

  /// Runs one step on a machine of ranks, one thread each.
  ///
  /// Each rank performs its own list. The order of its sums is in that list, so two runs have
  /// the same bits, however the threads were timed.
  public func run(
    _ batch: Batch, _ coefficients: Coefficients = Coefficients()
  ) throws -> PipelineResult {
    let parts = batch.shards(schedule.microBatches)
    guard parts.count == schedule.microBatches else {
      throw PipelineError.fewerSequences(
        sequences: batch.sequences, microBatches: schedule.microBatches)
    }
    let cluster = Cluster(ranks: schedule.ranks, capacity: wiring.capacity)
    let reports = try cluster.run { rank in
      var worker = PipelineRank(
        rank, of: self, coefficients, feed(parts, of: batch, to: rank.index))
      for operation in schedule.plan[rank.index] {
        try probe(rank.index, operation)
        try worker.perform(operation)
      }
      return try worker.finish()
    }
    return try PipelineResult(reports, of: schedule, traffic: cluster.traffic)
  }

  /// What a rank knows of each micro-batch: its layout, and its tokens if they are handed to
  /// it.
  private func feed(_ parts: [Batch], of batch: Batch, to rank: Int) -> [MicroBatch] {
    parts.enumerated().map { index, part in
      MicroBatch(
        sequences: Sequences(part),
        share: Float(part.sequences) / Float(batch.sequences), divisor: batch.targetCount,
        batch: wiring.feed(schedule.placement, index).contains(rank) ? part : nil)
    }
  }
}
