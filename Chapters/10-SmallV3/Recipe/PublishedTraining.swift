import Attention
import Tensors

/// The course of DeepSeek-V3's pre-training, in tokens.
///
/// Paper: DeepSeek-V3 §4.2.
public enum PublishedTraining {
  /// All tokens.
  public static let tokens = 14.8e12
  /// The steps of the warm-up.
  public static let warmup = 2000
  /// The tokens after which the learning rate begins to fall, and λ is 0.1 instead of 0.3.
  public static let constantUntil = 10e12
  /// The tokens after which the rate has its first low level, and γ is 0 instead of 0.001.
  public static let decayUntil = 14.3e12
  /// The tokens of the two low levels.
  public static let tails = (first: 333e9, second: 167e9)
  /// The highest learning rate, and its two low levels.
  public static let rates = (peak: 2.2e-4, first: 2.2e-5, second: 7.3e-6)
  /// The sequences of the first and of the largest batch.
  public static let batch = (first: 3072, full: 15_360)
  /// The tokens over which batches grow.
  public static let growth = 469e9
  /// The tokens of a sequence.
  public static let length = 4096

  /// The growth of batches, as a plan has it.
  public static var ramp: BatchRamp {
    BatchRamp(from: batch.first, over: Int(growth) / length)
  }

  /// The whole as a plan; the number of steps follows from the tokens.
  public static var plan: TrainingPlan {
    var plan = TrainingPlan(
      steps: 1, sequences: batch.full, length: length, rate: Float(rates.peak),
      schedule: .deepSeekV3(warmup: warmup))
    plan.ramp = ramp
    // Steps of the ramp, then steps of the full size.
    var steps = 0
    while ramp.total(after: steps, to: batch.full) < ramp.length { steps += 1024 }
    let before = Double(plan.tokens(after: steps))
    plan.steps = steps + Int(((tokens - before) / Double(plan.tokensPerStep)).rounded())
    return plan
  }
}
