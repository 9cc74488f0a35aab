import Attention
import Checkpoints
import Testing

/// A model of the table, with what its cache keeps of a token.
struct CacheRow: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let sizes: DecoderConfiguration
  let numbers: Int

  init(_ name: String, latent layers: Int, _ numbers: Int) {
    testDescription = name
    sizes = DecoderConfiguration(
      family: .deepseekV3, vocabularySize: 8, width: 8, feedForwardWidth: 8, layers: layers,
      heads: 128,
      latentAttention: LatentAttentionSizes(
        queryRank: 1536, keyValueRank: 512, contentWidth: 128, rotaryWidth: 64,
        valueWidth: 128))
    self.numbers = numbers
  }

  init(_ name: String, keyHeads: Int, _ layers: Int, _ numbers: Int) {
    testDescription = name
    sizes = DecoderConfiguration(
      vocabularySize: 8, width: 8, feedForwardWidth: 8, layers: layers, heads: keyHeads,
      headWidth: 128)
    self.numbers = numbers
  }

  // snippet.table
  static let all = [
    CacheRow("DeepSeek-V3", latent: 61, 35_136),
    CacheRow("DeepSeek-V3 with its MTP layer", latent: 62, 35_712),
    CacheRow("DeepSeek-V2", latent: 60, 34_560),
    CacheRow("DeepSeek-V2-Lite", latent: 27, 15_552),
    CacheRow("DeepSeekMoE-16B", keyHeads: 16, 28, 114_688),
    CacheRow("DeepSeek-67B", keyHeads: 8, 95, 194_560),
    CacheRow("Qwen2.5-72B", keyHeads: 8, 80, 163_840),
    CacheRow("Llama-3.1-405B", keyHeads: 8, 126, 258_048),
    CacheRow("Llama-3.3-70B", keyHeads: 8, 80, 163_840),
    CacheRow("Llama-3.1-8B", keyHeads: 8, 32, 65_536),
    CacheRow("Qwen2.5-32B", keyHeads: 8, 64, 131_072),
    CacheRow("Qwen2.5-14B", keyHeads: 8, 48, 98_304),
    CacheRow("Qwen2.5-7B", keyHeads: 4, 28, 28_672),
    CacheRow("Qwen2.5-1.5B", keyHeads: 2, 28, 14_336),
    CacheRow("V3 if it were multi-head attention", keyHeads: 128, 61, 1_998_848),
    CacheRow("V3 with 8 groups", keyHeads: 8, 61, 124_928),
    CacheRow("V3 with multi-query attention", keyHeads: 1, 61, 15_616),
  ]
  // snippet.end
}

@Suite struct `The cache of a published model` {
  @Test(arguments: CacheRow.all)
  func `keeps so many numbers of a token`(_ row: CacheRow) {
    #expect(row.sizes.cacheBytesPerToken(bytesPerNumber: 1) == row.numbers)
  }

  @Test func `takes 70 272 bytes a token in V3`() {
    #expect(CacheRow.all[0].sizes.cacheBytesPerToken() == 70_272)
  }

  @Test func `shrank by 93.3 % in V2 only with six bits a number`() {
    let v2 = Double(CacheRow.all[2].numbers)
    let dense = Double(CacheRow.all[5].numbers) * 2
    #expect(abs(1 - v2 * 6 / 8 / dense - 0.9334) < 5e-5)
    #expect(abs(1 - v2 * 2 / dense - 0.822) < 5e-4)
  }
}
