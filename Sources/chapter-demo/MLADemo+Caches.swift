import Attention
import Checkpoints
import CommandLine
import Figures

extension MLADemo {
  /// Counts what published models keep of a token, and what V3's attention costs in both forms.
  mutating func countCaches() {
    Console.print("What the cache keeps of a token, two bytes a number")
    for model in CountedModel.all {
      let numbers = model.configuration.cacheBytesPerToken(bytesPerNumber: 1)
      report(model.name, "\(numbers) numbers, \(2 * numbers) bytes")
      note("cache.\(model.key)-numbers", numbers)
      note("cache.\(model.key)", 2 * numbers)
    }
    let shown = CountedModel.all.filter { $0.key != "v3-mha" }
    draw(
      "cache",
      BarChart(
        title: "One token in the cache",
        description:
          "Kilobytes that the cache keeps of one token, at two bytes a number. DeepSeek-V2 and V3 "
          + "keep a fifth of what the older dense model with grouped queries keeps; only multi-query "
          + "attention keeps less.",
        valueLabel: "kilobytes a token", groups: shown.map(\.name),
        series: [
          .init(
            "", shown.map { Double($0.configuration.cacheBytesPerToken()) / 1000 }, ink: .latent
          )
        ]))

    // For each cached token of a layer: heads · (key + value) products, of two operations each.
    let (heads, content, rotary, value, rank) = (128, 128, 64, 128, 512)
    let expanded = 2 * heads * (content + rotary + value)
    let absorbed = 2 * heads * (rank + rotary + rank)
    report(
      "V3, a layer",
      "expanded \(expanded) FLOP on \(heads * (content + rotary + value)) numbers a past token")
    report("", "absorbed \(absorbed) FLOP on \(rank + rotary) numbers a past token")
    Console.print()
    note("cost.expanded-flops", expanded)
    note("cost.absorbed-flops", absorbed)
    note("cost.flops-ratio", Double(absorbed) / Double(expanded))
    note("cost.expanded-numbers", heads * (content + rotary + value))
    note("cost.absorbed-numbers", rank + rotary)
    note("cost.rebuild-flops", 2 * heads * (content + value) * rank)
  }
}

/// The sizes of a published model that its cache depends on.
private struct CountedModel {
  let key, name: String
  let configuration: DecoderConfiguration

  init(_ key: String, _ name: String, layers: Int, keyHeads: Int? = nil) {
    (self.key, self.name) = (key, name)
    let latent = LatentAttentionSizes(
      queryRank: nil, keyValueRank: 512, contentWidth: 128, rotaryWidth: 64, valueWidth: 128)
    configuration = DecoderConfiguration(
      vocabularySize: 1, width: 128, feedForwardWidth: 1, layers: layers,
      heads: keyHeads ?? 128,
      headWidth: 128, latentAttention: keyHeads == nil ? latent : nil)
  }

  static let all = [
    CountedModel("v3", "DeepSeek-V3", layers: 61),
    CountedModel("v2", "DeepSeek-V2", layers: 60),
    CountedModel("v3-mqa", "V3 with one key head", layers: 61, keyHeads: 1),
    CountedModel("v3-gqa", "V3 with 8 groups", layers: 61, keyHeads: 8),
    CountedModel("ds-67b", "DeepSeek-67B", layers: 95, keyHeads: 8),
    CountedModel("qwen-72b", "Qwen2.5-72B", layers: 80, keyHeads: 8),
    CountedModel("llama-405b", "Llama-3.1-405B", layers: 126, keyHeads: 8),
    CountedModel("v3-mha", "V3 with 128 key heads", layers: 61, keyHeads: 128),
  ]
}
