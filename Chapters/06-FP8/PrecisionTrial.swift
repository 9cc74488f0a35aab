import Attention
import Checkpoints
import MTP
import Tensors

/// How far the loss of a training in one precision lies from that of the same training in another.
///
/// Both begin with the same weights and see the same batches. The losses of single steps are
/// smoothed, s ← 0.9 s + 0.1 x, before they are compared, as in DeepSeek-V3's appendix B.1.
public struct PrecisionTrial {
  /// The precision that is tried, and the one that it is measured by.
  public let precision, reference: Precision
  /// The loss of each step.
  public private(set) var losses: [Double] = []
  /// The loss of each step of the reference.
  public private(set) var referenceLosses: [Double] = []
  private var trainers: (tried: Trainer<DeepSeekModel>, reference: Trainer<DeepSeekModel>)

  /// Begins two trainings of one configuration, with the seed of its plan.
  public init(
    _ precision: Precision, against reference: Precision = .fp32,
    of configuration: DecoderConfiguration, plan: TrainingPlan, tokens: [Int]
  ) throws {
    (self.precision, self.reference) = (precision, reference)
    func trainer(_ precision: Precision) throws -> Trainer<DeepSeekModel> {
      try Trainer(
        DeepSeekModel(configuration, seed: plan.seed), plan: plan, tokens: tokens, in: precision
      )
    }
    trainers = (try trainer(precision), try trainer(reference))
  }

  /// Takes one step of each training.
  public mutating func takeStep() throws(TrainingError) {
    losses.append(try trainers.tried.takeStep().loss)
    referenceLosses.append(try trainers.reference.takeStep().loss)
  }

  /// The models as they are by now.
  public var models: (tried: DeepSeekModel, reference: DeepSeekModel) {
    (trainers.tried.model, trainers.reference.model)
  }

  /// (s − r) / r after each step, with s and r the smoothed losses of the two.
  public var relativeDifferences: [Double] {
    Self.relativeDifferences(of: losses, from: referenceLosses)
  }

  /// (s − r) / r after each step, with s and r the smoothed losses of any two trainings.
  public static func relativeDifferences(
    of losses: [Double], from reference: [Double], keep: Double = 0.9
  ) -> [Double] {
    zip(smoothed(losses, keep: keep), smoothed(reference, keep: keep)).map { ($0 - $1) / $1 }
  }

  /// Means that forget a part of the past at each value, by default a tenth.
  public static func smoothed(_ losses: [Double], keep: Double = 0.9) -> [Double] {
    var mean = MovingAverage(keep: keep)
    return losses.map {
      mean.add($0)
      return mean.value ?? $0
    }
  }
}
