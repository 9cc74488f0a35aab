import Attention
import MTP
import Tensors
import Text

/// Trains by pipeline: a trainer asks it for the gradient of each batch.
///
/// The trainer does the rest as before, on weights that all stages share.
public struct PipelineGradients: GradientSource {
  /// Who does what.
  public let schedule: PipelineSchedule
  /// The blocks of each stage; an even cut, if nil.
  public var cut: [Int]?
  /// How the ranks are joined.
  public var wiring = Wiring.apart()
  /// How the stages compute the products with weights.
  public var products: any MatrixProduct = SinglePrecision()
  /// Called by each rank before each operation: to watch, or to fail on purpose.
  public var probe: @Sendable (_ rank: Int, Operation) throws -> Void = { _, _ in }

  /// Creates a source of gradients.
  public init(_ schedule: PipelineSchedule, cut: [Int]? = nil) {
    self.schedule = schedule
    self.cut = cut
  }

  /// Cuts the model, which costs nothing, and runs the batch through it.
  public func result(
    of batch: Batch, for model: DeepSeekModel, _ coefficients: Coefficients
  ) throws -> BatchResult {
    let stages = try cut.map(model.stages(of:)) ?? model.stages(schedule.stages)
    var pipeline = try Pipeline(schedule, stages: stages)
    pipeline.wiring = wiring
    pipeline.products = products
    pipeline.probe = probe
    let result = try pipeline.run(batch, coefficients)
    return BatchResult(
      loss: result.loss, objective: result.objective, gradients: result.gradients,
      observations: result.observations)
  }
}
