import Attention
import Checkpoints
import MTP
import MoE
import SmallV3
import Tensors
import Testing
import Text

@Suite struct `Batches that grow` {
  @Test func `by hand`() {
    // From 2 to 8 over 20 sequences: 2, then 2 + ⌊6 · seen / 20⌋ each time.
    let ramp = BatchRamp(from: 2, over: 20)
    #expect(
      [0, 2, 4, 7, 11, 16, 22].map { ramp.sequences(after: $0, to: 8) } == [
        2, 2, 3, 4, 5, 6, 8,
      ])
    #expect((0...8).map { ramp.total(after: $0, to: 8) } == [0, 2, 4, 7, 11, 16, 22, 30, 38])
    let even = BatchRamp(from: 2, over: 20, inMultiplesOf: 2)
    #expect([0, 7, 11, 19, 20].map { even.sequences(after: $0, to: 8) } == [2, 4, 4, 6, 8])
  }

  @Test func `grow from 3072 to 15 360 sequences over 469 billion tokens, as V3's`() {
    let ramp = PublishedTraining.ramp
    #expect(ramp.sequences(after: 0, to: 15_360) == 3072)
    #expect(ramp.sequences(after: ramp.length / 2, to: 15_360) == 9215)
    #expect(ramp.sequences(after: ramp.length, to: 15_360) == 15_360)
    #expect(ramp.length * 4096 / 1_000_000_000 == 468)
    // 62.9 million tokens a step at the end.
    #expect(PublishedTraining.plan.tokensPerStep == 62_914_560)
  }

  @Test func `count the tokens that were seen`() throws {
    var plan = NamedConfiguration.tiny.plan
    (plan.steps, plan.sequences, plan.length) = (9, 8, 16)
    plan.ramp = BatchRamp(from: 2, over: 20)
    let tokens = (0..<3000).map { $0 % 256 }
    var trainer = try Trainer(
      DeepSeekModel(NamedConfiguration.tiny.model, seed: 1), plan: plan, tokens: tokens)
    var reports: [Int] = []
    while !trainer.isFinished { reports.append(try trainer.takeStep().tokens) }
    #expect(reports == [2, 4, 7, 11, 16, 22, 30, 38, 46].map { 16 * $0 })
    #expect(plan.share(after: 9) == 1 && plan.share(after: 6) == 22.0 / 46)
  }

  @Test func `leave a plan without them as it was`() {
    let plan = NamedConfiguration.stories.plan
    for step in [1, 333, 666, 1000] {
      #expect(plan.share(after: step) == Double(step) / 1000)
      #expect(plan.sequences(at: step) == 8 && plan.tokens(after: step) == step * 2048)
    }
  }
}

@Suite struct `The recipe of V3` {
  @Test func `takes 14.8 trillion tokens in a quarter of a million steps`() {
    let plan = PublishedTraining.plan
    // 469 B tokens in 15 thousand growing steps, the rest at 62.9 million tokens each.
    #expect(abs(Double(plan.tokens(after: plan.steps)) / 14.8e12 - 1) < 1e-5)
    #expect((240_000...245_000).contains(plan.steps))
    #expect(
      (14_900...15_100).contains((1...20_000).first { plan.sequences(at: $0) == 15_360 } ?? 0))
  }

  /// What the plan of a recipe says after some tokens of V3's 14.8 trillion.
  private func values(_ plan: TrainingPlan, after tokens: Double) -> (
    rate: Double, λ: Float, γ: Float
  ) {
    let wanted = tokens / 14.8e12
    let step = (1...plan.steps).first { plan.share(after: $0) >= wanted } ?? plan.steps
    let share = plan.share(after: step)
    let coefficients = Coefficients(plan.coefficients, step: step, share: share)
    return (
      Double(plan.schedule.factor(step: step, share: share)) * 2.2e-4,
      coefficients[.predictionWeight], coefficients[.biasSpeed]
    )
  }

  @Test func `changes rate, λ and γ at the shares of tokens at which V3 changed them`() {
    let plan = PretrainingRecipe.v3.plan(for: .stories, steps: 4_000)
    let table: [(tokens: Double, rate: Double, λ: Float, γ: Float)] = [
      (1e12, 2.2e-4, 0.3, 0.01), (9.99e12, 2.2e-4, 0.3, 0.01), (10.01e12, 2.2e-4, 0.1, 0.01),
      (12.15e12, 1.21e-4, 0.1, 0.01), (14.29e12, 2.2e-5, 0.1, 0.01), (14.31e12, 2.2e-5, 0.1, 0),
      (14.62e12, 2.2e-5, 0.1, 0), (14.64e12, 7.3e-6, 0.1, 0), (14.8e12, 7.3e-6, 0.1, 0),
    ]
    for row in table {
      let found = values(plan, after: row.tokens)
      #expect(abs(found.rate / row.rate - 1) < 0.01, "\(row.tokens)")
      #expect(found.λ == row.λ && found.γ == row.γ, "\(row.tokens)")
    }
    let tails = PublishedTraining.tails
    #expect(abs(PublishedTraining.decayUntil + tails.first + tails.second - 14.8e12) < 1e6)
  }

  @Test func `has AdamW with a clip of 1, a decay of 0.1 and the published averages`() throws {
    let plan = PretrainingRecipe.v3.plan(for: .stories)
    #expect(plan.rule == .adamW && plan.clip == 1 && plan.decay == 0.1)
    let optimizer = try #require(
      plan.optimizer(for: DeepSeekModel(NamedConfiguration.tinyV3.model, seed: 0)) as? AdamW)
    #expect(optimizer.beta1 == 0.9 && optimizer.beta2 == 0.95)
    #expect(PretrainingRecipe.v3.fillRate == 0.1)
  }

  @Test(arguments: [20, 1000, 100_000]) func `scales warm-up and growth to its steps`(
    steps: Int
  ) {
    let plan = PretrainingRecipe.v3.plan(for: .stories, steps: steps)
    #expect(
      plan.schedule.warmup >= min(40, steps / 10) && plan.schedule.warmup <= max(steps / 10, 1))
    #expect(plan.sequences(at: 1) == 1 && plan.sequences(at: steps) == 8)
    guard steps >= 1000 else { return }
    // It has its full size after 469 B of 14.8 T tokens.
    let full = (1...steps).first { plan.sequences(at: $0) == 8 } ?? 0
    #expect(abs(plan.share(after: full - 1) / (0.469 / 14.8) - 1) < 0.1)
  }

  @Test func `takes its tokens in steps of any size, with a vocabulary that fills its rows`()
    throws
  {
    let recipe = PretrainingRecipe.v3
    let plan = recipe.plan(for: .stories)
    #expect(plan.steps == recipe.tokens / 2048 && recipe.steps(of: plan) == plan.steps)
    #expect(recipe.plan(for: .tinyV3).steps == recipe.tokens / 128)
    #expect(recipe.alphabet(for: .tinyV3) == .bytes)
    let fill = try [recipe.alphabet(for: .stories), NamedConfiguration.stories.alphabet].map {
      let text = PretrainingText.builtIn(bytes: 300_000, rule: nil)
      let tokenizer = try PretrainingTokens.tokenizer(
        learntFrom: text.sample, vocabularySize: $0.vocabularySize)
      return try PretrainingData(
        text, tokenizer, recipe: recipe, length: plan.length, sequences: 8, seed: 0
      ).training.fill
    }
    #expect(fill[0] > 0.85 && fill[1] < 0.75, "\(fill)")
  }

  @Test func `changes with another rule its rates and nothing else`() {
    let recipe = PretrainingRecipe.v3
    var plan = recipe.plan(for: .stories, rule: .muon)
    let usual = recipe.plan(for: .stories)
    #expect(plan.rule == .muon && plan.rate < usual.rate && plan.matrixRate < usual.matrixRate)
    (plan.rule, plan.rate, plan.matrixRate) = (usual.rule, usual.rate, usual.matrixRate)
    #expect(plan == usual)
  }

  @Test func `is stored and found by its name`() throws {
    #expect(PretrainingRecipe.named("v3") == .v3 && PretrainingRecipe.named("v4") == nil)
  }
}
