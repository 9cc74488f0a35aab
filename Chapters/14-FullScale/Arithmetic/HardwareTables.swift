import Attention
import Checkpoints

/// A row of the hardware paper's table 1: the cache of one token, in kilobytes of 1000 bytes.
public struct CacheRow: Sendable {
  /// The model's name.
  public let name: String
  /// Its sizes.
  public let model: DecoderConfiguration
  /// Kilobytes as printed.
  public let kilobytes: Double
  /// How many times V3's, as printed.
  public let multiple: Double

  /// Table 1 of the hardware paper.
  public static let published = [
    CacheRow(name: "DeepSeek-V3", model: .v3, kilobytes: 70.272, multiple: 1),
    CacheRow(name: "Qwen-2.5 72B", model: .qwen72B, kilobytes: 327.680, multiple: 4.66),
    CacheRow(name: "LLaMA-3.1 405B", model: .llama405B, kilobytes: 516.096, multiple: 7.28),
  ]

  /// The bytes that follow from the sizes.
  public var bytes: Int { model.cacheBytesPerToken() }
}

/// A row of the hardware paper's table 2: what a token of a context of 4096 costs in training.
public struct WorkRow: Sendable {
  /// The model's name.
  public let name: String
  /// Its sizes.
  public let model: DecoderConfiguration
  /// GFLOP as printed.
  public let published: Double
  /// Whether the printed number follows the textbook's count rather than that of matrices.
  public let isTextbook: Bool

  /// Table 2 of the hardware paper.
  public static let published = [
    WorkRow(name: "DeepSeek-V2", model: .v2, published: 155, isTextbook: false),
    WorkRow(name: "DeepSeek-V3", model: .v3, published: 250, isTextbook: false),
    WorkRow(name: "Qwen-72B", model: .qwen72B, published: 394, isTextbook: true),
    WorkRow(name: "LLaMA-405B", model: .llama405B, published: 2448, isTextbook: true),
  ]

  /// GFLOP by the count that meets the printed number.
  public var recomputed: Double {
    isTextbook ? Double(model.textbookTrainingWork) / 1e9 : counted
  }

  /// GFLOP by counting the matrices and the scores that are used.
  public var counted: Double {
    Double(model.trainingWork(context: 4096)?.total ?? 0) / 1e9
  }
}

extension DecoderConfiguration {
  /// The 671 billion weights of V3 and R1.
  public static let v3 = published("deepseek-v3")
  /// The 236 billion weights of V2.
  public static let v2 = published("deepseek-v2")

  /// Qwen2.5-72B, from its `config.json`.
  public static let qwen72B = DecoderConfiguration(
    family: .qwen2, vocabularySize: 152_064, width: 8192, feedForwardWidth: 29_568, layers: 80,
    heads: 64, keyValueHeads: 8, maximumPositions: 131_072, ropeTheta: 1_000_000,
    weightFormat: .bf16)

  /// Llama-3.1-405B, from its `config.json`.
  public static let llama405B = DecoderConfiguration(
    vocabularySize: 128_256, width: 16_384, feedForwardWidth: 53_248, layers: 126, heads: 128,
    keyValueHeads: 8, maximumPositions: 131_072, ropeTheta: 500_000, rmsNormEpsilon: 1e-5,
    weightFormat: .bf16)

  private static func published(_ name: String) -> DecoderConfiguration {
    guard let published = PublishedConfiguration.named(name) else {
      fatalError("There is no published configuration called \(name).")
    }
    return published.model
  }
}
