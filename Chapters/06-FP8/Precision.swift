import Attention
import Checkpoints
import Foundation
import Tensors
import Text

/// The numbers in which a training step computes; the weights themselves are always 32 bits.
public enum Precision: String, CaseIterable, Sendable, Codable {
  /// Single precision throughout.
  case fp32
  /// Products of operands in brain floating point.
  case bf16
  /// Products of operands in eight bits, and an optimizer with moments in brain floating point.
  case fp8

  // snippet.products
  /// How the products with weights are computed.
  public func products(for model: some Module) -> any MatrixProduct {
    switch self {
    case .fp32: SinglePrecision()
    case .bf16: BrainProduct()
    case .fp8: EightBitProduct(for: model)
    }
  }
  // snippet.end

  /// Makes the optimizer of a plan.
  ///
  /// Only the moments of AdamW become smaller; Muon's momentum stays as it is.
  public func optimizer(for plan: TrainingPlan, _ model: some Module) -> any Optimizer {
    guard self == .fp8, plan.rule == .adamW else { return plan.optimizer(for: model) }
    return BrainAdamW(model.namedParameters, rate: plan.rate, decay: plan.decay)
  }

  /// The precision that the plan of a run names.
  public init(of plan: TrainingPlan) throws(UnknownPrecision) {
    let name = plan.precision ?? Precision.fp32.rawValue
    guard let precision = Precision(rawValue: name) else { throw UnknownPrecision(name: name) }
    self = precision
  }

  /// The plan with this precision noted in it, which single precision need not be.
  fileprivate func noted(in plan: TrainingPlan) -> TrainingPlan {
    var plan = plan
    plan.precision = self == .fp32 ? nil : rawValue
    return plan
  }
}

/// A plan that names a precision which this program does not know.
public struct UnknownPrecision: Error, Equatable, CustomStringConvertible {
  /// The name.
  public let name: String

  /// Creates the error.
  public init(name: String) { self.name = name }

  /// One sentence that names the file and the rule.
  public var description: String {
    let names = Precision.allCases.map(\.rawValue).joined(separator: ", ")
    return "trainer.json: the precision '\(name)' is none of \(names)."
  }
}

extension Trainer {
  /// Creates a trainer that computes in a precision, and notes it in its plan.
  public init(
    _ model: Model, plan: TrainingPlan, tokens: [Int], in precision: Precision
  ) throws {
    try self.init(
      model, plan: precision.noted(in: plan), tokens: tokens,
      products: precision.products(for: model),
      optimizer: precision.optimizer(for: plan, model))
  }

  /// The same for a source other than one long text.
  public init(
    _ model: Model, plan: TrainingPlan, batches: any BatchSource, in precision: Precision
  ) {
    self.init(
      model, plan: precision.noted(in: plan), batches: batches,
      products: precision.products(for: model),
      optimizer: precision.optimizer(for: plan, model))
  }

  /// Continues a run in the precision in which it began.
  public init(
    continuing model: Model, from folder: URL, tokens: [Int], steps: Int? = nil
  ) throws {
    let plan = try Self.plan(in: folder)
    let sampler = try BatchSampler(
      tokens: tokens, sequences: plan.sequences, length: plan.length,
      generator: SplitMix64(seed: plan.seed))
    try self.init(continuing: model, from: folder, batches: sampler, steps: steps)
  }

  /// The same for a source other than one long text.
  public init(
    continuing model: Model, from folder: URL, batches: any BatchSource, steps: Int? = nil
  ) throws {
    let plan = try Self.plan(in: folder)
    let precision = try Precision(of: plan)
    try self.init(
      resuming: model, from: folder, batches: batches, steps: steps,
      products: precision.products(for: model),
      optimizer: precision.optimizer(for: plan, model))
  }
}
