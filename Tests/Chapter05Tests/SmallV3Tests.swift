import Attention
import Checkpoints
import Foundation
import MTP
import MoE
import Tensors
import TestSupport
import Testing
import Text

/// A whole V3 in the smallest: latent attention, experts and a prediction module.
@Suite struct `The smallest V3` {
  private let sizes = NamedConfiguration.tinyV3.model
  private let tokens = testTokens(2000, below: 256)

  private func plan(_ rule: TrainingPlan.Rule, steps: Int) -> TrainingPlan {
    var plan = NamedConfiguration.tinyV3.plan
    plan.rule = rule
    plan.steps = steps
    plan.shards = 3
    return plan
  }

  private func biases(_ model: DeepSeekModel) -> [Tensor] {
    model.namedParameters.filter { $0.name.hasSuffix("e_score_correction_bias") }
      .map(\.parameter.value)
  }

  @Test func `has every part of the large one under its name`() {
    let model = DeepSeekModel(sizes, seed: 1)
    let names = Set(model.namedParameters.map(\.name))
    let groups = sizes.weightGroups ?? []
    var expected = 0
    for group in groups {
      expected += group.count
      let pattern = group.name.split(separator: "*", omittingEmptySubsequences: false)
      let matching = model.namedParameters.filter { name, parameter in
        parameter.shape == group.shape && self.matches(name, pattern)
      }
      #expect(matching.count >= group.count, "\(group.name)")
    }
    #expect(names.count == expected, "the census of a checkpoint counts the same tensors")
    #expect(names.contains("model.layers.2.mlp.gate.e_score_correction_bias"))
    #expect(names.contains("model.layers.2.self_attn.kv_a_proj_with_mqa.weight"))
    let census = ModelCensus(sizes)
    #expect(model.parameterCount == census.map { $0.total + $0.prediction })
    expectEveryPartListed(
      model,
      repeating: ["embed_tokens", "shared_head.head"].map { "model.layers.2.\($0).weight" })
  }

  private func matches(_ name: String, _ pattern: [Substring]) -> Bool {
    guard name.hasPrefix(pattern[0]), name.hasSuffix(pattern[pattern.count - 1]) else {
      return false
    }
    let middle = pattern.dropFirst().dropLast()
    return middle.allSatisfy { name.contains($0) }
  }

  @Test(arguments: TrainingPlan.Rule.allCases)
  func `takes steps with the same bits on any number of threads`(
    _ rule: TrainingPlan.Rule
  ) throws {
    let courses = try [1, 2, 3].map { threads in
      try Threads.with(threads) {
        let model = DeepSeekModel(sizes, seed: 1)
        var trainer = try Trainer(model, plan: plan(rule, steps: 4), tokens: tokens)
        var reports: [Double] = []
        while !trainer.isFinished {
          let report = try trainer.takeStep()
          reports += [report.loss, report.auxiliaryLoss, report.gradientNorm]
        }
        return (reports, model.values)
      }
    }
    for course in courses.dropFirst() {
      #expect(course.0 == courses[0].0)
      #expect(course.1 == courses[0].1)
    }
    #expect(courses[0].1 != DeepSeekModel(sizes, seed: 1).values)
  }

  @Test func `adapts the bias of its module's router too`() throws {
    let model = DeepSeekModel(sizes, seed: 1)
    var trainer = try Trainer(model, plan: plan(.adamW, steps: 3), tokens: tokens)
    let report = try trainer.takeStep()
    #expect(report.observations.loads.count == 2, "one layer with experts, and the module")
    let active = sizes.experts?.active ?? 0
    // Four sequences of 32 tokens; the module reads one fewer in each.
    #expect(
      report.observations.loads.map { $0.counts.reduce(0, +) } == [128 * active, 124 * active])
    for bias in biases(model) {
      #expect(bias.scalars.contains { $0 > 0 } && bias.scalars.contains { $0 < 0 })
    }
  }

  @Test(arguments: TrainingPlan.Rule.allCases)
  func `continues bit for bit after a pause, bias and module included`(
    _ rule: TrainingPlan.Rule
  ) throws {
    let plan = plan(rule, steps: 7)
    var whole = try Trainer(DeepSeekModel(sizes, seed: 1), plan: plan, tokens: tokens)
    while !whole.isFinished { _ = try whole.takeStep() }

    var begun = try Trainer(DeepSeekModel(sizes, seed: 1), plan: plan, tokens: tokens)
    for _ in 0..<3 { _ = try begun.takeStep() }
    try withFolder { folder in
      let saved = SavedModel(
        configuration: sizes, model: begun.model, tokenizer: .bytes(),
        generation: GenerationConfiguration())
      try saved.write(into: folder)
      try begun.writeState(into: folder)
      let opened = try SavedModel<DeepSeekModel>(opening: folder)
      #expect(opened.configuration == sizes)
      #expect(opened.model.values == begun.model.values)
      var continued = try Trainer(resuming: opened.model, from: folder, tokens: tokens)
      while !continued.isFinished { _ = try continued.takeStep() }
      #expect(continued.model.values == whole.model.values)
      #expect(!biases(whole.model).isEmpty)
    }
  }

  @Test func `writes what greedy decoding writes, also speculatively`() throws {
    var sizes = sizes
    sizes.initializerRange = 0.3
    let model = sizes.unevenModel(seed: 3)
    for seed in 0..<5 {
      let prompt = testTokens(6, below: 256, seed: UInt64(seed + 1))
      let plain = model.language.generate([prompt], count: 30, sampling: .greedy, seed: 0)
      let (tokens, _) = model.generateSpeculatively(
        prompt, count: 30, sampling: .greedy, seed: 0)
      #expect(tokens == plain[0])
    }
  }

  @Test func `learns one batch by heart, and its module the tokens after next`() throws {
    let text = testTokens(33, below: 256, seed: 6)
    var plan = plan(.muon, steps: 150)
    plan.sequences = 1
    plan.schedule = .constant(warmup: 5)
    plan.rate = 0.01
    plan.clip = 1
    plan.decay = 0
    let model = DeepSeekModel(sizes, seed: 1)
    var trainer = try Trainer(model, plan: plan, tokens: text)
    while !trainer.isFinished { _ = try trainer.takeStep() }
    let batch = Batch.of(text, sequences: 1)
    #expect(model.evaluate([batch]) < 0.1)
    #expect(model.predictionLosses(of: batch)[0] < 0.1)
    #expect(model.agreement(on: batch).greedy > 0.9)
  }
}

@Suite struct `The named configurations` {
  @Test(arguments: NamedConfiguration.all)
  func `are possible and have names of their own`(_ named: NamedConfiguration) throws {
    try named.model.validate()
    #expect(named.plan.length <= named.model.maximumPositions)
    #expect(named.model.vocabularySize == named.alphabet.vocabularySize)
    #expect(NamedConfiguration.named(named.name) == named)
    #expect(NamedConfiguration.all.count { $0.name == named.name } == 1)
  }

  @Test func `small-v3 has the weights of the program that it is measured against`() throws {
    let census = try #require(ModelCensus(NamedConfiguration.smallV3.model))
    // By hand. A block attends with 96·256 + 96 + 384·96 + 80·256 + 64 + 512·64 + 256·256 weights;
    // five of six layers have 17 experts of 3·256·128, a router of 16·256 and a bias of 16.
    let attention = 24_576 + 96 + 36_864 + 20_480 + 64 + 32_768 + 65_536
    let experts = 17 * 98_304 + 4096 + 16
    let blocks = 6 * (attention + 512) + 3 * 256 * 704 + 5 * experts
    #expect(census.total == blocks + 2 * 512 * 256 + 256)
    #expect(census.prediction == 0)
  }
}
