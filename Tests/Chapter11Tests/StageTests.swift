import Attention
import Checkpoints
import Foundation
import MTP
import RL
import SmallR1
import Tensors
import TestSupport
import Testing

@Suite struct `The stages of R1` {
  // DeepSeek-R1 (Nature), Fig. 2: Dev3 is tuned from V3-Base again, and not from Dev2.
  // snippet.order
  @Test func `go back to the base for rejection sampling`() {
    #expect(Stage.allCases.map(\.model) == ["R1-Zero", "Dev1", "Dev2", "Dev3", "R1"])
    #expect(Stage.allCases.map(\.start) == [nil, nil, .coldStart, nil, .rejection])
    #expect(Stage.allCases.map(\.writer) == [nil, .zero, nil, .reasoning, nil])
    #expect(Stage.rejection.path == [.zero, .coldStart, .reasoning, .rejection])
    let plan = PipelinePlan()
    for stage in Stage.allCases {
      #expect((plan.tuning(of: stage) == nil) == (plan.reinforcement(of: stage) != nil))
    }
  }
  // snippet.end

  // DeepSeek-R1 (Nature), B.4.3: preference rewards only in the last 400 of 1 700 updates.
  @Test func `ask what people like only at the end`() {
    var plan = ReinforcementPlan()
    (plan.updates, plan.prompts, plan.requests) = (1700, 32, 0.5)
    plan.requestsAfter = 1300.0 / 1700
    let asked = (1...1700).map { plan.requests(at: $0) }
    #expect(asked.firstIndex(of: 16) == 1300 && asked.count { $0 == 16 } == 400)
    #expect(asked.count { $0 == 0 } == 1300)
    let own = PipelinePlan()
    #expect(own.zero.requests == 0 && own.reasoning.requests == 0)
    #expect(own.allScenarios.requestsAfter >= 0.7 && own.allScenarios.temperature == 0.7)
  }

  @Test func `pay for language after the cold start alone`() {
    let plan = PipelinePlan()
    #expect(plan.zero.reward == .accuracy)
    #expect(plan.reasoning.reward.languageWeight > 0)
    #expect(plan.allScenarios.reward == plan.reasoning.reward)
  }

  @Test func `draw their chances apart, and write them down exactly`() throws {
    let plan = PipelinePlan(seed: 7)
    let seeds = [
      plan.zero.seed, plan.coldStart.seed, plan.coldStart.tuning.seed, plan.reasoning.seed,
      plan.rejection.seed, plan.rejection.tuning.seed, plan.preference.seed,
      plan.allScenarios.seed,
    ]
    #expect(Set(seeds).count == seeds.count && plan != PipelinePlan(seed: 8))
    let data = try JSONEncoder().encode(plan)
    #expect(try JSONDecoder().decode(PipelinePlan.self, from: data) == plan)
  }

  @Test func `refuse numbers that make no plan`() {
    #expect(PipelinePlan().isPossible)
    var plan = PipelinePlan()
    plan.reasoning.rate = 0
    #expect(!plan.isPossible)
    plan = PipelinePlan()
    plan.rejection.plainShare = 1
    #expect(!plan.isPossible)
    plan = PipelinePlan()
    plan.coldStart.count = 0
    #expect(!plan.isPossible)
    // Of the ten sums of one digit perhaps none is held out.
    plan = PipelinePlan()
    plan.zero.smallest = 1
    #expect(!plan.isPossible)
    #expect(HackingPlan().isPossible && StageExamination().isPossible)
    var hacking = HackingPlan()
    (hacking.prompts, hacking.samples) = (100_000, 100_000)
    #expect(!hacking.isPossible)
  }
}

@Suite struct `Reinforcement with several rewards` {
  private func run(
    _ plan: ReinforcementPlan, people: RewardModel? = nil
  ) -> ReinforcementRun {
    ReinforcementRun(TinyBase.model(), twin: TinyBase.twin(), plan: plan, people: people)
  }

  @Test func `moves the policy and nothing else`() throws {
    let people = try TinyBase.people()
    let before = people.values
    var run = run(TinyBase.plan(requests: 0.5), people: people)
    let start = run.policy.values
    let reports = try run.take(4)
    #expect(run.policy.values != start && people.values == before)
    #expect(run.isFinished && reports.map(\.update) == [1, 2, 3, 4])
    // Fresh samples have the probabilities with which they were drawn.
    #expect(reports.allSatisfy { $0.largestLogRatio < 1e-3 })
    // Requests are asked in the second half alone.
    #expect(reports.map { $0.score == nil } == [true, true, false, false])
    #expect(reports.map { $0.value == nil } == [true, true, false, false])
  }

  @Test func `has the same bits on any number of threads`() throws {
    let courses = try [1, 3].map { threads in
      try Threads.with(threads) {
        var run = run(TinyBase.plan(requests: 0.5), people: try TinyBase.people())
        return (try run.take(4), run.policy.values)
      }
    }
    #expect(courses[0].0 == courses[1].0 && courses[0].1 == courses[1].1)
  }

  @Test func `continues bit for bit after a pause`() throws {
    let people = try TinyBase.people()
    var plan = TinyBase.plan(requests: 0.5)
    (plan.penalty, plan.refreshEvery) = (0.05, 3)
    var whole = run(plan, people: people)
    _ = try whole.take(2)
    try withFolder { folder in
      let saved = SavedModel(
        configuration: .narrowTongues, model: whole.policy,
        tokenizer: TaskAlphabet.bilingual.tokenizer, generation: GenerationConfiguration())
      try saved.write(into: folder)
      try whole.writeState(into: folder)
      let rest = try whole.take(2)
      let policy = try SavedModel<DeepSeekModel>(opening: folder).model
      var continued = try ReinforcementRun(
        resuming: policy, twin: TinyBase.twin(), from: folder, people: people)
      #expect(continued.update == 2)
      #expect(try continued.take(2) == rest)
      #expect(continued.policy.values == whole.policy.values)
      // Its requests cannot be paid without the model of what people like.
      #expect(throws: TrainingError.self) {
        _ = try ReinforcementRun(resuming: policy, twin: TinyBase.twin(), from: folder)
      }
    }
  }

  @Test func `makes thoughts consistent where consistency is all that is paid`() throws {
    var plan = TinyBase.plan()
    (plan.updates, plan.prompts, plan.samples, plan.rate) = (24, 12, 8, 1e-3)
    plan.schedule = .constant()
    plan.reward = StageReward(languageWeight: 1)
    var run = run(plan)
    let reports = try run.take(24)
    func mean(_ part: ArraySlice<ReinforcementReport>) -> Double {
      part.reduce(0) { $0 + ($1.consistency ?? 0) } / Double(part.count)
    }
    #expect(mean(reports.suffix(4)) > mean(reports.prefix(4)) + 0.1)
  }

  @Test func `pays a rambling answer nothing where a rule forbids it`() throws {
    let people = try TinyBase.people()
    var plan = TinyBase.plan(requests: 1)
    (plan.updates, plan.requestsAfter) = (1, 0)
    var free = run(plan, people: people)
    plan.mostWords = 2
    var gated = run(plan, people: people)
    let (paid, less) = (try free.takeUpdate(), try gated.takeUpdate())
    #expect(paid.score == less.score && paid.words == less.words)
    #expect(less.reward < paid.reward)
  }

  @Test func `looks at questions that no update asks`() throws {
    var run = run(TinyBase.plan())
    var report = try run.takeUpdate()
    #expect(report.greedy == nil && report.divergence == nil)
    run.look(&report)
    #expect((0...1).contains(report.greedy ?? -1) && (0...1).contains(report.controls ?? -1))
    #expect(run.transcript.contains("<｜Assistant｜>"))
  }

  @Test func `stays near where it began when leaving costs`() throws {
    let courses = try [0.0, 5.0].map { penalty in
      var plan = TinyBase.plan()
      (plan.penalty, plan.updates, plan.rate) = (penalty, 12, 2e-3)
      plan.lookEvery = 12
      plan.schedule = .constant()
      var run = run(plan)
      return try run.take(12).last?.divergence ?? 0
    }
    #expect(courses[1] < courses[0])
  }
}

extension ReinforcementRun {
  /// Some updates, without what a clock says.
  mutating func take(_ count: Int) throws -> [ReinforcementReport] {
    try (0..<count).map { _ in
      var report = try takeUpdate()
      report.seconds = 0
      return report
    }
  }
}
