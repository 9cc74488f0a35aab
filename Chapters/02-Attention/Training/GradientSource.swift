import Tensors
import Text

/// Whoever computes what a batch says about the weights of a model.
///
/// A trainer has its own way, by shards; chapter 7 adds pipelines. All of them give the same
/// numbers, up to the order of their sums.
public protocol GradientSource<Model>: Sendable {
  /// What it can differentiate.
  associatedtype Model: TrainableModel

  /// The loss of a whole batch and its gradient.
  func result(
    of batch: Batch, for model: Model, _ coefficients: Coefficients
  ) throws -> BatchResult
}

/// What a batch, or a part of it, says about the weights.
public struct BatchResult: Sendable {
  /// The model's own loss.
  public var loss: Double
  /// The loss with what layers add: the quantity that the gradient belongs to.
  public var objective: Double
  /// The gradient of the objective.
  public var gradients: Gradients
  /// What the layers saw.
  public var observations: Observations

  /// Joins the numbers.
  public init(
    loss: Double, objective: Double, gradients: Gradients, observations: Observations
  ) {
    self.loss = loss
    self.objective = objective
    self.gradients = gradients
    self.observations = observations
  }

  /// Adds what another part of the batch says.
  mutating func add(_ other: BatchResult) {
    loss += other.loss
    objective += other.objective
    gradients.add(other.gradients)
    observations.add(other.observations)
  }
}
