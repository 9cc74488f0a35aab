/// How rotary positions are stretched to contexts longer than those of the first training.
public enum RopeScaling: Equatable, Hashable, Sendable {
  /// YaRN: fast pairs stay, slow ones are stretched, and attention is sharpened.
  case yarn(YaRNScaling)
  /// The recipe of Llama 3.1: fast pairs stay, slow ones are stretched.
  case llama3(Llama3Scaling)
}

/// The constants of YaRN (Peng et al., 2023).
public struct YaRNScaling: Equatable, Hashable, Sendable {
  /// The new context divided by the original one: `factor`.
  public var factor: Double
  /// The context of the first training: `original_max_position_embeddings`.
  public var originalPositions: Int
  /// Pairs that turn more often than this over the original context stay: `beta_fast`.
  public var betaFast = 32.0
  /// Pairs that turn less often than this are stretched by the whole factor: `beta_slow`.
  public var betaSlow = 1.0
  /// The weight of the logarithm in the factor on cosines and sines: `mscale`.
  public var mscale: Double?
  /// The weight of the logarithm in the factor on the softmax scale: `mscale_all_dim`.
  public var mscaleAllDim: Double?

  /// Creates the constants; the bounds of the paper unless given.
  public init(
    factor: Double, originalPositions: Int, betaFast: Double = 32, betaSlow: Double = 1,
    mscale: Double? = nil, mscaleAllDim: Double? = nil
  ) {
    self.factor = factor
    self.originalPositions = originalPositions
    self.betaFast = betaFast
    self.betaSlow = betaSlow
    self.mscale = mscale
    self.mscaleAllDim = mscaleAllDim
  }
}

/// The constants of Llama 3.1's recipe.
public struct Llama3Scaling: Equatable, Hashable, Sendable {
  /// The new context divided by the original one: `factor`.
  public var factor: Double
  /// Pairs that turn less often than this are stretched by the whole factor: `low_freq_factor`.
  public var lowFrequencyFactor: Double
  /// Pairs that turn more often than this stay: `high_freq_factor`.
  public var highFrequencyFactor: Double
  /// The context of the first training: `original_max_position_embeddings`.
  public var originalPositions: Int

  /// Creates the constants.
  public init(
    factor: Double, lowFrequencyFactor: Double, highFrequencyFactor: Double,
    originalPositions: Int
  ) {
    self.factor = factor
    self.lowFrequencyFactor = lowFrequencyFactor
    self.highFrequencyFactor = highFrequencyFactor
    self.originalPositions = originalPositions
  }
}
