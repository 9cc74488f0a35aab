/// A model that DeepSeek has published: its name and what its `config.json` says.
public struct PublishedConfiguration: Sendable, Equatable {
  /// The word that chooses it: the name of its repository in lower case.
  public let name: String
  /// The sizes.
  public let model: DecoderConfiguration

  /// All of them: the mixtures, then the dense students of R1.
  public static let all = mixtures + students

  /// The one with a name.
  public static func named(_ name: String) -> PublishedConfiguration? {
    all.first { $0.name == name }
  }
}

// MARK: The mixtures of experts

extension PublishedConfiguration {
  /// V3 and what was trained from it, V2 and what was trained from it, and their forerunner.
  ///
  /// Coder-V2 repeats the sizes of V2, as its paper says in §3.2.
  public static let mixtures = [
    PublishedConfiguration(name: "deepseek-v3", model: v3),
    PublishedConfiguration(name: "deepseek-r1", model: v3),
    PublishedConfiguration(name: "deepseek-v2", model: v2),
    PublishedConfiguration(name: "deepseek-v2-lite", model: v2Lite),
    PublishedConfiguration(name: "deepseek-coder-v2", model: v2),
    PublishedConfiguration(name: "deepseek-coder-v2-lite", model: v2Lite),
    PublishedConfiguration(name: "deepseek-moe-16b", model: moe16B),
  ]

  private static let v3 = DecoderConfiguration(
    family: .deepseekV3, vocabularySize: 129_280, width: 7168, feedForwardWidth: 18_432,
    layers: 61, heads: 128, maximumPositions: 163_840, beginToken: 0, endTokens: [1],
    weightFormat: .bf16, weightBlock: WeightBlock(rows: 128, columns: 128),
    latentAttention: latent(queryRank: 1536),
    experts: ExpertSizes(
      count: 256, active: 8, shared: 1, width: 2048, denseLayers: 3, groups: 8,
      activeGroups: 4, scoring: .sigmoid, selection: .biased, normalizes: true, scale: 2.5,
      balanceWeight: 0.0001),
    predictors: 1, ropeScaling: yarn(mscale: 1))

  private static let v2 = DecoderConfiguration(
    family: .deepseekV2, vocabularySize: 102_400, width: 5120, feedForwardWidth: 12_288,
    layers: 60, heads: 128, maximumPositions: 163_840, beginToken: 100_000,
    endTokens: [100_001], weightFormat: .bf16, latentAttention: latent(queryRank: 1536),
    experts: ExpertSizes(
      count: 160, active: 6, shared: 2, width: 1536, groups: 8, activeGroups: 3,
      selection: .groupLimitedGreedy, scale: 16, balanceWeight: 0.001),
    ropeScaling: yarn(mscale: 0.707))

  private static let v2Lite = DecoderConfiguration(
    family: .deepseekV2, vocabularySize: 102_400, width: 2048, feedForwardWidth: 10_944,
    layers: 27, heads: 16, maximumPositions: 163_840, beginToken: 100_000,
    endTokens: [100_001], weightFormat: .bf16, latentAttention: latent(queryRank: nil),
    experts: ExpertSizes(count: 64, active: 6, shared: 2, width: 1408, balanceWeight: 0.001),
    ropeScaling: yarn(mscale: 0.707))

  private static let moe16B = DecoderConfiguration(
    family: .deepseekMoE, vocabularySize: 102_400, width: 2048, feedForwardWidth: 10_944,
    layers: 28, heads: 16, maximumPositions: 4096, beginToken: 100_000, endTokens: [100_001],
    weightFormat: .bf16,
    experts: ExpertSizes(count: 64, active: 6, shared: 2, width: 1408, balanceWeight: 0.001))

  /// The widths of latent attention, which all of them share.
  private static func latent(queryRank: Int?) -> LatentAttentionSizes {
    LatentAttentionSizes(
      queryRank: queryRank, keyValueRank: 512, contentWidth: 128, rotaryWidth: 64,
      valueWidth: 128)
  }

  /// A context of 4096 stretched by 40.
  private static func yarn(mscale: Double) -> RopeScaling {
    .yarn(
      YaRNScaling(factor: 40, originalPositions: 4096, mscale: mscale, mscaleAllDim: mscale))
  }
}

// MARK: The dense students

extension PublishedConfiguration {
  /// The six models that were trained on texts of R1.
  public static let students = [
    qwen(
      "1.5b", vocabulary: 151_936, width: 1536, feedForward: 8960, layers: 28, heads: 12,
      keyHeads: 2, theta: 10_000, epsilon: 1e-6),
    qwen(
      "7b", vocabulary: 152_064, width: 3584, feedForward: 18_944, layers: 28, heads: 28,
      keyHeads: 4, theta: 10_000, epsilon: 1e-6),
    qwen(
      "14b", vocabulary: 152_064, width: 5120, feedForward: 13_824, layers: 48, heads: 40,
      keyHeads: 8, theta: 1_000_000, epsilon: 1e-5),
    qwen(
      "32b", vocabulary: 152_064, width: 5120, feedForward: 27_648, layers: 64, heads: 40,
      keyHeads: 8, theta: 1_000_000, epsilon: 1e-5),
    llama("8b", width: 4096, feedForward: 14_336, layers: 32, heads: 32),
    llama("70b", width: 8192, feedForward: 28_672, layers: 80, heads: 64),
  ]

  private static func qwen(
    _ size: String, vocabulary: Int, width: Int, feedForward: Int, layers: Int, heads: Int,
    keyHeads: Int, theta: Double, epsilon: Double
  ) -> PublishedConfiguration {
    PublishedConfiguration(
      name: "deepseek-r1-distill-qwen-" + size,
      model: DecoderConfiguration(
        family: .qwen2, vocabularySize: vocabulary, width: width, feedForwardWidth: feedForward,
        layers: layers, heads: heads, keyValueHeads: keyHeads, maximumPositions: 131_072,
        ropeTheta: theta, rmsNormEpsilon: epsilon, beginToken: 151_643, endTokens: [151_643],
        weightFormat: .bf16))
  }

  private static func llama(
    _ size: String, width: Int, feedForward: Int, layers: Int, heads: Int
  ) -> PublishedConfiguration {
    PublishedConfiguration(
      name: "deepseek-r1-distill-llama-" + size,
      model: DecoderConfiguration(
        vocabularySize: 128_256, width: width, feedForwardWidth: feedForward, layers: layers,
        heads: heads, keyValueHeads: 8, maximumPositions: 131_072, ropeTheta: 500_000,
        rmsNormEpsilon: 1e-5, beginToken: 128_000, endTokens: [128_001], weightFormat: .bf16,
        ropeScaling: .llama3(
          Llama3Scaling(
            factor: 8, lowFrequencyFactor: 1, highFrequencyFactor: 4, originalPositions: 8192))
      ))
  }
}
