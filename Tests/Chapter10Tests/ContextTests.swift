import Attention
import Checkpoints
import Foundation
import MLA
import MTP
import SmallV3
import Tensors
import TestSupport
import Testing
import Text

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

@Suite struct `Needles` {
  private let tokenizer = Tokenizer.bytes().speaking(.deepSeekV3)

  private func haystack(_ length: Int, depth: Double?, needles: Int = 3, asked: Int = 1) -> (
    Haystack, [Needle]
  ) {
    var generator = SplitMix64(seed: UInt64(length) + UInt64(100 * (depth ?? 0)))
    let needles = Needle.drawn(needles, using: &generator)
    let haystack = Haystack(
      needles, length: length, depth: depth, asking: asked, tokenizer: tokenizer,
      using: &generator)
    return (haystack, needles)
  }

  @Test(arguments: [200, 400, 1600], [0.0, 0.5, 1.0])
  func `stand once at their depth, in a text of the wanted length`(
    length: Int, depth: Double
  ) throws {
    let (haystack, needles) = haystack(length, depth: depth)
    let text = tokenizer.decode(haystack.tokens)
    #expect(haystack.tokens.count <= length && haystack.tokens.count > length - 160)
    #expect(text.hasSuffix("\nNote \(needles[0].name)\(needles[0].number)"))
    for needle in needles { #expect(text.components(separatedBy: needle.sentence).count == 2) }
    let start = try #require(text.range(of: needles[0].sentence)).lowerBound
    let body = try #require(text.range(of: "\nNote ")).lowerBound
    let share =
      Double(text.distance(from: text.startIndex, to: start))
      / Double(text.distance(from: text.startIndex, to: body))
    #expect(abs(share - depth) < 160 / Double(length) + 0.1, "\(share)")
  }

  @Test func `have answers where the questions end`() {
    let (haystack, needles) = haystack(600, depth: nil, needles: 4, asked: 4)
    #expect(haystack.answers.count == 4)
    for (answer, needle) in zip(haystack.answers, needles[1...].reversed() + [needles[0]]) {
      let found = haystack.tokens[answer.place..<answer.place + answer.tokens.count]
      #expect(Array(found) == answer.tokens && tokenizer.decode(answer.tokens) == needle.answer)
    }
    #expect(haystack.prompt + haystack.answers[3].tokens == haystack.tokens)
  }

  @Test func `have names that differ, so one question has one answer`() {
    var generator = SplitMix64(seed: 2)
    for _ in 0..<20 {
      let needles = Needle.drawn(16, using: &generator)
      #expect(Set(needles.map(\.name)).count == 16)
      #expect(needles.allSatisfy { (0...9).contains($0.number) })
    }
  }

  @Test func `are judged as a greedy continuation is`() throws {
    let model = DeepSeekModel(base, seed: 3).language
    for seed in 0..<6 {
      let (found, _) = haystack(160 + seed, depth: 0.5)
      let answer = found.answers[0].tokens
      let greedy = model.generate([found.prompt], count: 1, sampling: .greedy, seed: 0)[0]
      #expect(found.isAnswered(by: model) == (greedy == answer))
      // The model's own words, taken for the answer, must be found.
      let own = Haystack(prompt: found.prompt, answer: greedy)
      #expect(own.isAnswered(by: model))
    }
  }

  @Test func `make batches of which half are plain text, continued after a pause`() {
    let text = (0..<3000).map { $0 % 251 }
    var source = NeedleSource(
      text: text, tokenizer: tokenizer, sequences: 4, length: 256, share: 0.5, seed: 1)
    #expect(source.needles == 6)
    _ = source.next()
    var continued = NeedleSource(
      text: text, tokenizer: tokenizer, sequences: 4, length: 256, share: 0.5, seed: 1)
    continued.generator = source.generator
    let batch = source.next()
    #expect(batch == continued.next())
    for row in 0..<4 {
      let inputs = Array(batch.inputs[row * 256..<(row + 1) * 256])
      let isPlain = zip(inputs, inputs.dropFirst()).allSatisfy { ($0 + 1) % 251 == $1 % 251 }
      #expect(isPlain == (row >= 2))
      #expect(isPlain || tokenizer.decode(inputs).contains("\nNote "))
      let targets = batch.targets[row * 256..<(row + 1) * 256].filter { $0 != Batch.ignored }
      #expect(targets.count == (isPlain ? 256 : 6), "of a haystack, six numbers of one digit")
    }
  }

  @Test func `make a map of every length and depth, the same on any number of threads`() {
    let model = DeepSeekModel(base, seed: 3).language
    let maps = [1, 2].map { threads in
      Threads.with(threads) {
        NeedleMap(
          of: model, lengths: [160, 200], depths: [0, 0.5, 1], trials: 2, tokenizer: tokenizer,
          seed: 1)
      }
    }
    #expect(maps[0] == maps[1])
    #expect(maps[0].shares.count == 2 && maps[0].shares.allSatisfy { $0.count == 3 })
    #expect(maps[0].shares.joined().allSatisfy { (0...1).contains($0) })
  }
}
