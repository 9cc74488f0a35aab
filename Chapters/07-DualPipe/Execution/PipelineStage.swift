import Attention
import Tensors
import Text

/// One micro-batch: a part of a step's batch that goes through the pipeline by itself.
public struct MicroBatch: Sendable {
  /// How its rows are laid out, which every rank knows.
  public let sequences: Sequences
  /// The part of the whole batch that it is.
  public let share: Float
  /// The targets of the whole batch, by which the last stage divides its loss; nobody else does.
  public let divisor: Int
  /// Tokens and targets, for the ranks at the two ends of its way; nil in between.
  public let batch: Batch?

  /// Describes a micro-batch.
  public init(sequences: Sequences, share: Float, divisor: Int, batch: Batch?) {
    self.sequences = sequences
    self.share = share
    self.divisor = divisor
    self.batch = batch
  }
}

/// A part of a model that one rank can hold: all that a pipeline asks of a model.
///
/// There is no backward pass in it. The tape knows that one.
public protocol PipelineStage: Sendable {
  /// Takes a micro-batch one stage further; what its layers leave stays in the pass.
  /// - Parameter activation: what the stage before has made; nil for the first, which reads tokens.
  /// - Returns: the activation for the next stage; the last returns its loss, a scalar.
  func callAsFunction(
    _ activation: Variable?, of microBatch: MicroBatch, in pass: Pass
  ) -> Variable
}
