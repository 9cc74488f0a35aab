import Foundation
import Tensors
import Text

/// A model that training can improve: it tells the loss of a batch.
public protocol TrainableModel: Module {
  /// The mean loss of a batch's targets.
  /// - Parameter divisor: the number of targets of the whole batch, when this is a shard of it.
  func loss(of batch: Batch, on tape: Tape, divisor: Int?) -> Variable
}

extension LanguageModel: TrainableModel {}

/// What one step did.
public struct StepReport: Sendable, Equatable {
  /// The number of the step, from 1.
  public var step: Int
  /// The tokens of all steps so far.
  public var tokens: Int
  /// The mean loss of the batch before the step, in nats.
  public var loss: Double
  /// The length of the gradient before it was clipped.
  public var gradientNorm: Double
  /// The learning rate.
  public var learningRate: Double
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
  var optimizer: any Optimizer
  var sampler: BatchSampler<SplitMix64>

  /// Creates a trainer that has done nothing yet.
  public init(_ model: Model, plan: TrainingPlan, tokens: [Int]) throws {
    self.model = model
    self.plan = plan
    optimizer = plan.optimizer(for: model)
    sampler = try BatchSampler(
      tokens: tokens, sequences: plan.sequences, length: plan.length,
      generator: SplitMix64(seed: plan.seed))
  }

  /// The tokens seen so far.
  public var tokens: Int { step * plan.tokensPerStep }

  /// Whether the plan is fulfilled.
  public var isFinished: Bool { step >= plan.steps }

  // snippet.step
  /// Draws a batch, computes the gradient of its loss, and moves the weights.
  ///
  /// Throws `TrainingError` when the loss or the gradient is not finite; the weights are then as
  /// they were before the step.
  public mutating func takeStep() throws(TrainingError) -> StepReport {
    let batch = sampler.next()
    var (loss, gradients) = gradients(of: batch)
    guard loss.isFinite else { throw .lossNotFinite(step: step + 1, loss: loss) }
    let norm: Float
    do { norm = try gradients.clip(toNorm: plan.clip) } catch {
      throw .gradientNotFinite(
        step: step + 1, norm: error.norm, weight: name(of: error.parameter))
    }
    step += 1
    let factor = plan.schedule.factor(step: step, of: plan.steps)
    optimizer.step(gradients, factor: factor)
    smoothedLoss.add(loss)
    return StepReport(
      step: step, tokens: tokens, loss: loss, gradientNorm: Double(norm),
      learningRate: Double(optimizer.rate * factor))
  }

  /// The loss of a batch and its gradient, computed by shards and added in their order.
  private func gradients(of batch: Batch) -> (loss: Double, Gradients) {
    let shards = batch.shards(plan.shards)
    let count = batch.targetCount
    var results = Threads.map(shards.count) { [model] index in
      let tape = Tape()
      let loss = model.loss(of: shards[index], on: tape, divisor: count)
      return (loss: Double(loss.value.scalar), gradients: tape.gradients(of: loss))
    }
    let loss = results.reduce(0) { $0 + $1.loss }
    // Taken out of the list, the first sum is nobody else's and is added to in place.
    var sum = results.removeFirst().gradients
    for result in results { sum.add(result.gradients) }
    return (loss, sum)
  }
  // snippet.end

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
    case .cannotResume(let file, let rule): "\(file): \(rule)."
    }
  }
}

extension TrainableModel {
  /// The mean loss over batches, weighted by their targets; nothing is recorded.
  public func evaluate(_ batches: [Batch]) -> Double {
    let losses = Threads.map(batches.count) { index in
      let batch = batches[index]
      let loss = self.loss(of: batch, on: Tape(recording: false), divisor: nil)
      return Double(loss.value.scalar) * Double(batch.targetCount)
    }
    let count = batches.reduce(0) { $0 + $1.targetCount }
    return losses.reduce(0, +) / Double(max(count, 1))
  }
}
