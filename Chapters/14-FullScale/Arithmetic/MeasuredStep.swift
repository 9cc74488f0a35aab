import Checkpoints

/// What DeepSeek measured of a training step of V3 on 2048 H800: hardware paper, table 4.
public struct MeasuredStep: Sendable {
  /// The network.
  public let network: String
  /// Billions of tokens a day, as printed.
  public let tokensPerDay: Double
  /// Seconds a step, as printed.
  public let seconds: Double
  /// 1F: forward passes that stand alone.
  public let forward: Double
  /// Time in which a card waits.
  public let bubble: Double
  /// 1B: backward passes for the input that stand alone.
  public let backward: Double
  /// 1W: gradients of weights that stand alone.
  public let weights: Double
  /// 1F1B: forward and backward passes overlapped.
  public let pairs: Double
  /// The optimizer.
  public let optimizer: Double
  /// TFLOP/s of a card with all of the square, and with the used half.
  public let teraflops: (square: Double, causal: Double)
  /// MFU in per cent, with all of the square and with the used half.
  public let percent: (square: Double, causal: Double)

  /// The sequences of a step, and their length: V3 §4.2.
  public static let batch = (sequences: 15_360, length: 4096)
  /// The cards.
  public static let cards = 2048

  /// Eight planes of two layers: GPU i of every node in plane i.
  public static let multiPlane = MeasuredStep(
    network: "multi-plane fat tree", tokensPerDay: 272.80, seconds: 19.926, forward: 1.13,
    bubble: 2.06, backward: 1.99, weights: 0.48, pairs: 13.95, optimizer: 0.29,
    teraflops: (432, 385), percent: (43.73, 38.94))

  /// One tree whose leaves are rails.
  public static let multiRail = MeasuredStep(
    network: "multi-rail fat tree", tokensPerDay: 272.52, seconds: 19.946, forward: 1.13,
    bubble: 2.03, backward: 1.99, weights: 0.48, pairs: 14.00, optimizer: 0.31,
    teraflops: (432, 385), percent: (43.68, 38.90))

  /// The tokens of a step.
  public static var tokens: Double { Double(batch.sequences * batch.length) }

  /// The parts added up, which is the step but for rounding.
  public var sum: Double { forward + bubble + backward + weights + pairs + optimizer }

  /// Billions of tokens a day that follow from the step's time.
  public var recomputedTokensPerDay: Double { 86_400 / seconds * Self.tokens / 1e9 }

  // snippet.utilization
  /// MFU: the operations that the model needs, over those that the cards could have done.
  ///
  ///     FLOP for a token · tokens / (seconds · cards · peak)
  public func utilization(
    _ count: TokenWork.Count = .causal, of model: DecoderConfiguration = .v3,
    peak: Double = Accelerator.h800.brainPeak
  ) -> Double {
    let work = model.trainingWork(context: Self.batch.length, count)?.total ?? 0
    return Double(work) * Self.tokens / (seconds * Double(Self.cards) * peak)
  }
  // snippet.end
}
