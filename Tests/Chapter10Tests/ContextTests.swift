import Attention
import Checkpoints
import Foundation
import MLA
import MTP
import SmallV3
import Tensors
import TestSupport
import Testing

/// A small model with latent attention for 128 positions.
private let base = DecoderConfiguration(
  family: .deepseekV3, vocabularySize: 263, width: 16, feedForwardWidth: 32, layers: 2,
  heads: 2,
  maximumPositions: 128,
  latentAttention: LatentAttentionSizes(
    queryRank: nil, keyValueRank: 8, contentWidth: 4, rotaryWidth: 16, valueWidth: 8))

@Suite struct `An extension of the context` {
  @Test func `has the published stages: 62.9 B tokens each, at the last rate`() {
    let published = ContextExtension.deepSeekV3
    #expect(published.stages.map(\.tokens) == [62_914_560_000, 62_914_560_000])
    #expect(published.stages.map(\.length) == [32_768, 131_072])
    for stage in published.stages {
      #expect(abs(2.2e-4 * Double(stage.rateShare) - 7.3e-6) < 1e-12)
    }
    #expect(published.factor * Double(published.originalLength) == 163_840)
  }

  @Test func `stretches with the constants of the paper, the same in all stages`() {
    let yarn = YaRN(ContextExtension.deepSeekV3.scaling, width: 64, theta: 10000)
    #expect(yarn.low == 10 && yarn.high == 23)
    #expect(yarn.amplitude == 1)
    #expect(abs(yarn.sharpening.squareRoot() - (0.1 * log(40) + 1)) < 1e-12)
    #expect(yarn.frequencies[31] == pow(10000, -62.0 / 64) / 40)
  }

  @Test func `keeps V3's proportions in small`() {
    let (small, large) = (ContextExtension.small, ContextExtension.deepSeekV3)
    func room(_ plan: ContextExtension) -> Double {
      plan.factor * Double(plan.originalLength) / Double(plan.stages[1].length)
    }
    #expect(room(small) == room(large) && room(small) == 1.25)
    for plan in [small, large] {
      let stages = plan.stages
      #expect(stages[1].length == 4 * stages[0].length)
      #expect(stages[0].sequences == 4 * stages[1].sequences, "the tokens of a step stay")
    }
  }

  @Test func `is written so that transformers reads it`() throws {
    let longer = ContextExtension.small.configuration(extending: base)
    let json = longer.json
    #expect(json["max_position_embeddings"]?.integer == 2560)
    for key in ["rope_scaling", "rope_parameters"] {
      let rope = try #require(json[key]?.object)
      #expect(rope["rope_type"]?.string == "yarn" && rope["factor"]?.number == 20)
      #expect(rope["original_max_position_embeddings"]?.integer == 128)
      #expect(rope["beta_fast"]?.number == 32 && rope["beta_slow"]?.number == 1)
      #expect(rope["mscale"]?.number == 1 && rope["mscale_all_dim"]?.number == 1)
    }
    try withFolder { folder in
      let file = folder.appending(path: "config.json")
      try longer.write(to: file)
      #expect(try DecoderConfiguration.read(from: file) == longer)
    }
  }

  @Test func `keeps every weight and changes what they compute`() {
    let model = DeepSeekModel(base, seed: 3)
    let longer = ContextExtension.small.extended(model, of: base)
    #expect(
      longer.namedParameters.map(\.parameter.value)
        == model.namedParameters.map(\.parameter.value))
    let tokens = (0..<40).map { $0 * 7 % 263 }
    func logits(_ model: DeepSeekModel) -> [Float] {
      let pass = Pass(Sequences(count: 1, length: 40), on: Tape(recording: false))
      return model.language.logits(tokens, in: pass).value.scalars
    }
    let (short, long) = (logits(model), logits(longer))
    // The first position sees itself alone, whatever it is turned by.
    #expect(zip(short, long).prefix(263).allSatisfy { abs($0 - $1) < 1e-6 })
    #expect(zip(short, long).contains { abs($0 - $1) > 1e-6 })
  }

  @Test func `plans stages with a low constant rate`() {
    let plan = NamedConfiguration.stories.plan
    let stage = ContextExtension.small.stages[1]
    let next = ContextExtension.small.plan(of: stage, after: plan)
    #expect(next.length == 2048 && next.sequences == 4 && next.steps == stage.steps)
    #expect([1, 30, 60].allSatisfy { next.schedule.factor(step: $0, of: 60) == 1 })
    #expect(next.rate == plan.rate * stage.rateShare)
  }

  @Test func `refuses lengths that do not grow or exceed the factor`() async {
    await #expect(processExitsWith: .failure) {
      _ = ContextExtension(
        originalLength: 128, factor: 2,
        stages: [ContextStage(length: 512, sequences: 1, steps: 1, rateShare: 1)])
    }
  }
}
