import Attention
import Checkpoints
import Testing

/// A released model: its sizes, and what is published or follows from them.
private struct Published: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let configuration: DecoderConfiguration
  let cacheBytes: Int
  let parameters: Int

  init(
    _ name: String, _ family: DecoderConfiguration.Family, vocabulary: Int, width: Int,
    feedForward: Int, layers: Int, heads: Int, keyHeads: Int, tied: Bool = false,
    cacheBytes: Int, parameters: Int
  ) {
    testDescription = name
    configuration = DecoderConfiguration(
      family: family, vocabularySize: vocabulary, width: width, feedForwardWidth: feedForward,
      layers: layers, heads: heads, keyValueHeads: keyHeads, tiesEmbeddings: tied)
    self.cacheBytes = cacheBytes
    self.parameters = parameters
  }

  static let all = [
    Published(
      "DeepSeek-67B", .llama, vocabulary: 102_400, width: 8192, feedForward: 22_016, layers: 95,
      heads: 64, keyHeads: 8, cacheBytes: 389_120, parameters: 67_425_001_472),
    Published(
      "Qwen2.5-72B", .qwen2, vocabulary: 152_064, width: 8192, feedForward: 29_568, layers: 80,
      heads: 64, keyHeads: 8, cacheBytes: 327_680, parameters: 72_706_203_648),
    Published(
      "Llama-3.1-405B", .llama, vocabulary: 128_256, width: 16_384, feedForward: 53_248,
      layers: 126, heads: 128, keyHeads: 8, cacheBytes: 516_096, parameters: 405_853_388_800),
    Published(
      "Llama-3.3-70B", .llama, vocabulary: 128_256, width: 8192, feedForward: 28_672,
      layers: 80, heads: 64, keyHeads: 8, cacheBytes: 327_680, parameters: 70_553_706_496),
    Published(
      "Llama-3.1-8B", .llama, vocabulary: 128_256, width: 4096, feedForward: 14_336, layers: 32,
      heads: 32, keyHeads: 8, cacheBytes: 131_072, parameters: 8_030_261_248),
    Published(
      "Qwen2.5-32B", .qwen2, vocabulary: 152_064, width: 5120, feedForward: 27_648, layers: 64,
      heads: 40, keyHeads: 8, cacheBytes: 262_144, parameters: 32_763_876_352),
    Published(
      "Qwen2.5-14B", .qwen2, vocabulary: 152_064, width: 5120, feedForward: 13_824, layers: 48,
      heads: 40, keyHeads: 8, cacheBytes: 196_608, parameters: 14_770_033_664),
    Published(
      "Qwen2.5-Math-7B", .qwen2, vocabulary: 152_064, width: 3584, feedForward: 18_944,
      layers: 28, heads: 28, keyHeads: 4, cacheBytes: 57_344, parameters: 7_615_616_512),
    Published(
      "Qwen2.5-Math-1.5B", .qwen2, vocabulary: 151_936, width: 1536, feedForward: 8960,
      layers: 28, heads: 12, keyHeads: 2, tied: true, cacheBytes: 28_672,
      parameters: 1_543_714_304),
    Published(
      "R1-Distill-Qwen-1.5B", .qwen2, vocabulary: 151_936, width: 1536, feedForward: 8960,
      layers: 28, heads: 12, keyHeads: 2, cacheBytes: 28_672, parameters: 1_777_088_000),
  ]
}

@Suite struct `A released model` {
  // snippet.cache-anchors
  @Test(arguments: Published.all)
  fileprivate func `takes the published room in the cache for a token`(_ model: Published) {
    #expect(model.configuration.cacheBytesPerToken() == model.cacheBytes)
  }
  // snippet.end

  @Test(arguments: Published.all)
  fileprivate func `has the published number of weights`(_ model: Published) {
    #expect(model.configuration.parameterCount == model.parameters)
  }

  @Test func `takes eight times the cache without sharing key heads`() {
    let llama = Published.all[3].configuration
    var full = llama
    full.keyValueHeads = full.heads
    #expect(full.cacheBytesPerToken() == 8 * llama.cacheBytesPerToken())
  }
}
