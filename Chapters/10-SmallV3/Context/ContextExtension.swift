import Attention
import Checkpoints
import MLA
import MTP
import Tensors

/// One stage of a context extension: a longer sequence, for some steps, at a low constant rate.
public struct ContextStage: Sendable, Equatable {
  /// The tokens of a sequence.
  public let length: Int
  /// The sequences of a batch.
  public let sequences: Int
  /// The steps.
  public let steps: Int
  /// The learning rate, as a share of the highest of the first training.
  public let rateShare: Float

  /// Describes a stage.
  public init(length: Int, sequences: Int, steps: Int, rateShare: Float) {
    self.length = length
    self.sequences = sequences
    self.steps = steps
    self.rateShare = rateShare
  }

  /// The tokens of all steps.
  public var tokens: Int { length * sequences * steps }
}

/// How a model that was trained on short texts is taught to read long ones.
///
/// YaRN is set once, for the longest context, and stays as it is in every stage; only the length
/// of the sequences grows, and the batch shrinks with it.
/// Paper: DeepSeek-V3 §4.3.
public struct ContextExtension: Sendable, Equatable {
  /// L₀, the context of the first training.
  public let originalLength: Int
  /// s, by which slow pairs of the rotation are stretched.
  public let factor: Double
  /// The stages.
  public let stages: [ContextStage]

  /// Describes an extension; every stage is longer than the one before.
  public init(originalLength: Int, factor: Double, stages: [ContextStage]) {
    let lengths = [originalLength] + stages.map(\.length)
    insist(
      zip(lengths, lengths.dropFirst()).allSatisfy { $0 < $1 },
      "ContextExtension: the lengths \(lengths) do not grow")
    insist(
      Double(lengths[lengths.count - 1]) <= factor * Double(originalLength),
      "ContextExtension: \(lengths[lengths.count - 1]) exceeds \(factor) · \(originalLength)")
    self.originalLength = originalLength
    self.factor = factor
    self.stages = stages
  }

  /// DeepSeek-V3's: 4 K to 32 K to 128 K, a thousand steps each, at 7.3e-6 of 2.2e-4.
  public static let deepSeekV3 = ContextExtension(
    originalLength: 4096, factor: 40,
    stages: [
      ContextStage(length: 32_768, sequences: 1920, steps: 1000, rateShare: 7.3e-6 / 2.2e-4),
      ContextStage(length: 131_072, sequences: 480, steps: 1000, rateShare: 7.3e-6 / 2.2e-4),
    ])

  /// Ours: 128 to 512 to 2048, with V3's room to spare, for 40/32 is 20/16.
  public static let small = ContextExtension(
    originalLength: 128, factor: 20,
    stages: [
      ContextStage(length: 512, sequences: 16, steps: 200, rateShare: 0.1),
      ContextStage(length: 2048, sequences: 4, steps: 200, rateShare: 0.1),
    ])

  /// YaRN with the constants of DeepSeek-V3: α = 1, β = 32, and 0.1 · ln s + 1 on the logits'
  /// scale, squared, with none on cosines and sines.
  public var scaling: YaRNScaling {
    YaRNScaling(
      factor: factor, originalPositions: originalLength, betaFast: 32, betaSlow: 1, mscale: 1,
      mscaleAllDim: 1)
  }

  /// The sizes of a model whose positions are stretched: `rope_scaling` is set, and the context
  /// is `factor` times as long.
  public func configuration(extending base: DecoderConfiguration) -> DecoderConfiguration {
    insist(
      base.maximumPositions == originalLength && base.ropeScaling == nil,
      "ContextExtension: a model of \(base.maximumPositions) positions cannot be extended "
        + "from \(originalLength)")
    var longer = base
    longer.ropeScaling = .yarn(scaling)
    longer.maximumPositions = Int(factor * Double(originalLength))
    return longer
  }

  /// A model with the same weights whose positions are stretched.
  public func extended(_ model: DeepSeekModel, of base: DecoderConfiguration) -> DeepSeekModel {
    model.carried(into: configuration(extending: base), seed: 0)
  }

  // snippet.stage
  /// The training of a stage, after the one that made the base.
  public func plan(of stage: ContextStage, after base: TrainingPlan) -> TrainingPlan {
    var plan = base
    (plan.steps, plan.sequences, plan.length) = (stage.steps, stage.sequences, stage.length)
    plan.rate = base.rate * stage.rateShare
    plan.matrixRate = base.matrixRate * stage.rateShare
    plan.schedule = .constant()
    plan.ramp = nil
    plan.shards = min(base.shards, stage.sequences)
    return plan
  }
  // snippet.end
}
