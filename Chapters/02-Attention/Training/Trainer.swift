import Foundation
import Tensors
import Text

/// What one step did.
public struct StepReport: Sendable, Equatable {
  /// The number of the step, from 1.
  public var step: Int
  /// The tokens of all steps so far.
  public var tokens: Int
  /// The mean loss of the batch before the step, in nats.
  public var loss: Double
  /// What the layers added to it.
  public var auxiliaryLoss: Double
  /// The length of the gradient before it was clipped.
  public var gradientNorm: Double
  /// The learning rate.
  public var learningRate: Double
  /// What the layers saw of the batch.
  public var observations: Observations
}

/// Takes a model through a plan, one step at a time, and can be stopped and continued anywhere.
public struct Trainer<Model: TrainableModel> {
  /// The model, whose weights every step changes.
  public let model: Model
  /// The plan.
  public let plan: TrainingPlan
  /// The number of steps done.
  public internal(set) var step = 0
  /// A mean of the loss that forgets slowly.
  public internal(set) var smoothedLoss = MovingAverage(keep: 0.95)
  private let products: any MatrixProduct
  private let gradients: (any GradientSource<Model>)?
  var optimizer: any Optimizer
  var batches: any BatchSource

  /// Creates a trainer that has done nothing yet.
  /// - Parameters:
  ///   - products: how the steps compute the products with weights.
  ///   - optimizer: what moves the weights; without one, the plan makes it.
  ///   - gradients: who computes those of a batch; without one, the plan's shards do.
  public init(
    _ model: Model, plan: TrainingPlan, tokens: [Int],
    products: any MatrixProduct = SinglePrecision(), optimizer: (any Optimizer)? = nil,
    gradients: (any GradientSource<Model>)? = nil
  ) throws {
    let sampler = try BatchSampler(
      tokens: tokens, sequences: plan.sequences, length: plan.length,
      generator: SplitMix64(seed: plan.seed))
    self.init(
      model, plan: plan, batches: sampler, products: products, optimizer: optimizer,
      gradients: gradients)
  }

  /// Creates a trainer whose batches come from a source other than one long text.
  ///
  /// The source decides the size of a batch; the plan's is what `tokens` counts with.
  public init(
    _ model: Model, plan: TrainingPlan, batches: any BatchSource,
    products: any MatrixProduct = SinglePrecision(), optimizer: (any Optimizer)? = nil,
    gradients: (any GradientSource<Model>)? = nil
  ) {
    self.model = model
    self.plan = plan
    self.products = products
    self.gradients = gradients
    self.optimizer = optimizer ?? plan.optimizer(for: model)
    self.batches = batches
  }

  /// The tokens seen so far.
  public var tokens: Int { plan.tokens(after: step) }

  /// Whether the plan is fulfilled.
  public var isFinished: Bool { step >= plan.steps }

  // snippet.step
  /// Draws a batch, computes the gradient of its loss, and moves the weights.
  ///
  /// Throws `TrainingError` when the loss or the gradient is not finite or cannot be computed;
  /// the weights are then as they were before the step.
  public mutating func takeStep() throws(TrainingError) -> StepReport {
    let share = plan.share(after: step + 1)
    let coefficients = Coefficients(plan.coefficients, step: step + 1, share: share)
    let batch = batches.next(sequences: plan.sequences(at: step + 1))
    var result = try differentiate(batch, coefficients)
    guard result.objective.isFinite else {
      throw .lossNotFinite(step: step + 1, loss: result.objective)
    }
    let norm: Float
    do { norm = try result.gradients.clip(toNorm: plan.clip) } catch {
      throw .gradientNotFinite(
        step: step + 1, norm: error.norm, weight: name(of: error.parameter))
    }
    step += 1
    let factor = plan.schedule.factor(step: step, share: share)
    optimizer.step(result.gradients, factor: factor)
    model.adapt(to: result.observations, coefficients)
    smoothedLoss.add(result.loss)
    return StepReport(
      step: step, tokens: tokens, loss: result.loss,
      auxiliaryLoss: result.objective - result.loss, gradientNorm: Double(norm),
      learningRate: Double(optimizer.rate * factor), observations: result.observations)
  }

  /// The loss of a batch and its gradient, computed by shards and added in their order.
  private func results(of batch: Batch, _ coefficients: Coefficients) -> BatchResult {
    let shards = batch.shards(plan.shards)
    let count = batch.targetCount
    var results = Threads.map(shards.count) { [model, products] index in
      let shard = shards[index].withoutIdleColumns
      let pass = Pass(
        Sequences(shard), on: Tape(products: products),
        share: Float(shard.sequences) / Float(batch.sequences), coefficients: coefficients)
      let loss = model.loss(of: shard, in: pass, divisor: count)
      let objective = pass.auxiliaryLosses.reduce(loss) { $0 + $1 }
      return BatchResult(
        loss: Double(loss.value.scalar), objective: Double(objective.value.scalar),
        gradients: pass.tape.gradients(of: objective), observations: pass.observations)
    }
    // Taken out of the list, the first is nobody else's and is added to in place.
    var sum = results.removeFirst()
    for result in results { sum.add(result) }
    return sum
  }
  // snippet.end

  /// Asks whoever computes the gradients, and says at which step it failed.
  private func differentiate(
    _ batch: Batch, _ coefficients: Coefficients
  ) throws(TrainingError) -> BatchResult {
    guard let gradients else { return results(of: batch, coefficients) }
    do { return try gradients.result(of: batch, for: model, coefficients) } catch {
      throw .noGradient(step: step + 1, reason: "\(error)")
    }
  }

  private func name(of parameter: Parameter?) -> String? {
    model.namedParameters.first { $0.parameter === parameter }?.name
  }
}

/// Why a training run cannot go on.
public enum TrainingError: Error, Equatable, CustomStringConvertible {
  /// The loss of a batch is infinite or not a number.
  case lossNotFinite(step: Int, loss: Double)
  /// The gradient has an entry that is infinite or not a number.
  case gradientNotFinite(step: Int, norm: Float, weight: String?)
  /// Whoever computes the gradients has failed.
  case noGradient(step: Int, reason: String)
  /// A saved state does not belong to this run.
  case cannotResume(file: String, rule: String)

  /// One sentence that names the place and the rule.
  public var description: String {
    switch self {
    case .lossNotFinite(let step, let loss):
      "Training stopped at step \(step): the loss is \(loss), and no step can repair that; "
        + "try a lower rate or a longer warm-up."
    case .gradientNotFinite(let step, let norm, let weight):
      "Training stopped at step \(step): the gradient's norm is \(norm)"
        + (weight.map { ", first in \($0)" } ?? "") + "; try a lower rate or a longer warm-up."
    case .noGradient(let step, let reason):
      "Training stopped at step \(step), whose gradient could not be computed: \(reason)"
    case .cannotResume(let file, let rule): "\(file): \(rule)."
    }
  }
}
