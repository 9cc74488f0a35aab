import Attention
import Checkpoints
import Foundation
import MTP
import MoE
import RL
import Tensors
import TestSupport
import Testing
import Text

/// A plan that takes a second: short sums, few samples.
private func smallPlan(updates: Int = 4) -> ZeroPlan {
  var plan = ZeroPlan()
  (plan.updates, plan.prompts, plan.samples, plan.budget) = (updates, 6, 8, 8)
  (plan.smallest, plan.largest) = (2, 3)
  (plan.rate, plan.evaluateEvery, plan.problems) = (3e-3, 2, 10)
  plan.penalty = 0.01
  return plan
}

private func run(_ plan: ZeroPlan, predictors: Int = 0) -> ZeroRun {
  ZeroRun(
    GuessingBase.model(predictors: predictors),
    twin: GuessingBase.model(predictors: predictors), plan: plan)
}

extension UpdateReport {
  /// The report without what a clock says.
  fileprivate var timeless: UpdateReport {
    var copy = self
    (copy.seconds, copy.rolloutSeconds, copy.rolloutTokensPerSecond) = (0, 0, 0)
    return copy
  }
}

extension ZeroRun {
  fileprivate mutating func take(_ count: Int) throws -> [UpdateReport] {
    try (0..<count).map { _ in try takeUpdate().timeless }
  }

  fileprivate var weights: [Tensor] { policy.namedParameters.map(\.parameter.value) }
}

@Suite struct `A run of R1-Zero` {
  @Test func `has the same bits on any number of threads`() throws {
    let courses = try [1, 2, 3].map { threads in
      try Threads.with(threads) {
        var run = run(smallPlan())
        let reports = try run.take(3)
        return (reports, run.weights)
      }
    }
    for course in courses.dropFirst() {
      #expect(course.0 == courses[0].0)
      #expect(course.1 == courses[0].1)
    }
    #expect(courses[0].1 != run(smallPlan()).weights)
  }

  @Test(arguments: [1, 3], [nil, PublishedMethod.ppo])
  func `continues bit for bit after a pause`(_ pause: Int, _ method: PublishedMethod?) throws {
    var plan = smallPlan(updates: 5)
    plan.refreshEvery = 2
    plan.method = method
    var whole = run(plan)
    var first = try whole.take(pause)
    _ = whole.look(&first[pause - 1])
    try withFolder { folder in
      let saved = SavedModel(
        configuration: Reasoner.model.narrow, model: whole.policy,
        tokenizer: TaskAlphabet.standard.tokenizer, generation: GenerationConfiguration())
      try saved.write(into: folder)
      try whole.writeState(into: folder)
      let (best, tokens) = (whole.best, whole.gradientTokens)
      let rest = try whole.take(5 - pause)

      let opened = try SavedModel<DeepSeekModel>(opening: folder)
      var continued = try ZeroRun(
        resuming: opened.model, twin: DeepSeekModel(opened.configuration, seed: 3), from: folder
      )
      #expect(continued.update == pause && continued.best == best)
      #expect(continued.gradientTokens == tokens && tokens > 0)
      #expect(try continued.take(5 - pause) == rest)
      #expect(continued.weights == whole.weights)
      #expect(continued.isFinished)
      if method == .ppo {
        let critic = try #require(continued.critic)
        #expect(critic.parameters.map(\.value) == whole.critic?.parameters.map(\.value))
      }
    }
  }

  @Test func `refuses a state that is missing, broken or impossible`() throws {
    try withFolder { folder in
      let file = folder.appending(path: ZeroRun.stateFile)
      #expect(throws: TrainingError.self) { try ZeroRun.plan(in: folder) }
      try Data("{".utf8).write(to: file)
      #expect(throws: TrainingError.self) { try ZeroRun.plan(in: folder) }
      try run(smallPlan()).writeState(into: folder)
      #expect(try ZeroRun.plan(in: folder) == smallPlan())
      let text = try String(contentsOf: file, encoding: .utf8)
      let broken = text.replacing("\"prompts\" : 6", with: "\"prompts\" : -6")
      #expect(broken != text)
      try Data(broken.utf8).write(to: file)
      #expect(throws: TrainingError.self) { try ZeroRun.plan(in: folder) }
    }
  }

  @Test func `samples and trains with the same probabilities, experts included`() throws {
    var run = run(smallPlan())
    for report in try run.take(3) {
      #expect(report.largestLogRatio < 1e-4, "the ratio of fresh samples is 1")
      #expect(report.clipShare == 0)
    }
  }

  @Test func `leaves the balance of the experts and the modules ahead as they are`() throws {
    var run = run(smallPlan(), predictors: 1)
    func frozen() -> [Tensor] {
      run.policy.namedParameters.filter {
        $0.name.hasSuffix("e_score_correction_bias")
          || $0.name.contains("layers.2.")
            && !$0.name.hasSuffix("embed_tokens.weight") && !$0.name.hasSuffix("head.weight")
      }.map(\.parameter.value)
    }
    let before = frozen()
    let router = run.policy.namedParameters.first { $0.name.hasSuffix("mlp.gate.weight") }
    let old = router?.parameter.value
    _ = try run.take(2)
    #expect(before.count > 5 && frozen() == before)
    #expect(router?.parameter.value != old, "the router's own weights learn")
  }

  @Test func `asks nothing that is held out, and never the same twice`() throws {
    // The prompts of a run come from one generator; drawn apart, none belongs to the examination.
    var generator = SplitMix64(seed: 0).branch(8)
    let plan = ZeroPlan()
    let items = (0..<500).map { _ in plan.mix.item(using: &generator) }
    #expect(items.allSatisfy { !$0.isHeldOut && plan.sizes.contains($0.prompt.count - 1) })
    #expect(Set(items.map(\.prompt)).count == items.count)
    let (final, looks) = (0, 1)
    let sets = [final, looks].map { seed in
      Set(
        TaskMix.heldOut(.digitSum, size: 8, count: 500, seed: UInt64(seed)).map(\.prompt))
    }
    #expect(sets[0].isDisjoint(with: sets[1]), "the best is chosen on other problems")
  }

  @Test func `with nothing to tell right from wrong moves no weight`() throws {
    var plan = smallPlan()
    plan.budget = 1  // No response can end, so every reward is 0.
    var run = run(plan)
    let before = run.weights
    let report = try run.take(1)[0]
    #expect(report.deadGroups == 1 && report.reward == 0)
    #expect(run.weights == before, "a dead group is left out of the penalty too")
    #expect(run.gradientTokens == 0 && report.tokens > 0)
    #expect(report.alarms.count == 3)
  }

  @Test(arguments: [nil] + PublishedMethod.allCases)
  func `learns what is paid: sums of one digit, which are that digit`(
    _ method: PublishedMethod?
  ) throws {
    var plan = smallPlan(updates: 40)
    plan.method = method
    (plan.smallest, plan.largest, plan.prompts, plan.samples) = (1, 1, 8, 16)
    (plan.budget, plan.penalty, plan.patience) = (3, 0, 0)
    var run = run(plan)
    let reports = try run.take(40)
    let (first, last) = (
      reports.prefix(5).mean(\.accuracy), reports.suffix(5).mean(\.accuracy)
    )
    #expect(first > 0.02, "there is something to reinforce")
    #expect(last > first + 0.15, "\(first) → \(last)")
    #expect(reports.suffix(5).mean(\.truncated) < 0.1, "the end is learnt too")
  }
}

@Suite struct `A published method` {
  @Test func `is the objective of its paper, whatever the switches say`() {
    for method in PublishedMethod.allCases {
      var plan = ZeroPlan()
      (plan.method, plan.normalizer, plan.penalty) = (method, .group, 0.3)
      let expected: Objective =
        switch method {
        case .grpo: .grpo
        case .drGRPO: .drGRPO(budget: plan.budget)
        case .dapo: .dapo
        case .ppo, .fullTracePPO:
          Objective(advantage: .reward, weight: .batchTokens, clip: Clip(0.2))
        }
      #expect(plan.objective == expected)
    }
  }

  /// DAPO asks until it has as many mixed groups as it was told to, four times at most.
  @Test func `of DAPO fills its batch with mixed groups, and samples more for it`() throws {
    func update(_ method: PublishedMethod) throws -> UpdateReport {
      var plan = smallPlan()
      plan.method = method
      var run = run(plan)
      return try run.take(1)[0]
    }
    let (grpo, dapo) = (try update(.grpo), try update(.dapo))
    #expect(grpo.deadGroups > 0, "there are groups to be replaced")
    #expect(dapo.tokens > grpo.tokens && dapo.reward > grpo.reward)
  }

  @Test func `of PPO teaches its critic what to expect`() throws {
    var plan = smallPlan(updates: 40)
    (plan.smallest, plan.largest, plan.prompts, plan.samples) = (1, 1, 8, 16)
    (plan.budget, plan.method) = (3, .ppo)
    var run = run(plan)
    let critic = try #require(run.critic)
    #expect(critic.parameters.allSatisfy { $0.value.scalars.allSatisfy { $0 == 0 } })
    let reward = try run.take(40).suffix(5).mean(\.reward)
    // What it expects where the answer begins, before any of it is known.
    let item = TaskMix.heldOut(.digitSum, size: 1, count: 1, seed: 1)[0]
    let prompt = run.alphabet.prompt(item.prompt)
    let response = RL.Response(tokens: [0], logProbabilities: [0], isTruncated: false)
    let group = ResponseGroup(prompt: prompt, responses: [response], rewards: [0])
    let expected = Double(critic.values(of: [group], under: run.policy.language)[0][0][0])
    #expect(reward > 0.2)
    #expect(abs(expected - reward) < 0.25, "expects \(expected), where the mean is \(reward)")
  }
}

extension Sequence where Element == UpdateReport {
  fileprivate func mean(_ number: (UpdateReport) -> Double) -> Double {
    let numbers = map(number)
    return numbers.reduce(0, +) / Double(numbers.count)
  }
}

@Suite struct `The gates` {
  private func complaints(
    passAt1: Double = 0.15, passAt8: Double = 0.7, direct: Double = 0.1, thinking: Double = 0.9
  ) -> [String] {
    GateReport(sizes: [
      .init(size: 8, passAt1: passAt1, passAt8: passAt8, direct: direct, thinking: thinking)
    ]).complaints.map { String($0.prefix(2)) }
  }

  @Test func `open for a base that guesses and can think`() {
    #expect(complaints() == [])
  }

  @Test func `close one by one`() {
    #expect(complaints(passAt8: 0.29) == ["G0"])
    #expect(complaints(direct: 0.21) == ["G1"])
    #expect(complaints(thinking: 0.59) == ["G2"])
    #expect(complaints(passAt1: 0, passAt8: 0, thinking: 0) == ["G0", "G2"])
  }

  @Test func `close for fresh weights, which have nothing to reinforce`() {
    let model = Reasoner.model.smaller.language
    let gates = GateReport(of: model, sizes: 2...2, problems: 20)
    #expect(gates.complaints.contains { $0.hasPrefix("G2") })
  }

  @Test func `stay quiet about a run that has learnt everything`() {
    var report = UpdateReport(update: 1)
    (report.accuracy, report.deadGroups, report.entropy) = (0.98, 1, 0)
    #expect(report.alarms.isEmpty)
    report.accuracy = 0.5
    #expect(report.alarms.count == 2)
    report.divergence = 0.6
    report.truncated = 0.2
    #expect(report.alarms.count == 4)
  }
}
