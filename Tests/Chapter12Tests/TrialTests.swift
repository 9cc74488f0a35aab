import Attention
import CodeModels
import MTP
import RL
import Tensors
import Testing
import Text

@Suite struct `The experiments on code` {
  private var small: CodeExperiments {
    var experiments = CodeExperiments()
    experiments.sizes = CodeReader.sizes.narrow
    (experiments.budget, experiments.problems, experiments.responseBudget) = (400, 6, 30)
    experiments.lengths = 1...2
    return experiments
  }

  @Test func `read equally many tokens in every lesson`() throws {
    let trials = try ProblemSource.Lesson.allCases.map { try small.lesson($0, steps: 3).0 }
    for trial in trials { #expect((1_200..<1_400).contains(trial.tokens), "\(trial.lesson)") }
    let targets = Dictionary(uniqueKeysWithValues: trials.map { ($0.lesson, $0.targets) })
    // Of an answer without its way few tokens are scored, of code nearly all.
    #expect((targets[.answers] ?? 0) < (targets[.traces] ?? 0))
    #expect((targets[.traces] ?? 0) < (targets[.code] ?? 0))
    #expect(trials.map { $0.marks == nil } == [false, false, true])
  }

  @Test func `give every answer one status`() throws {
    let (trial, _) = try small.lesson(.traces, tasks: [.output, .repair], steps: 2)
    let parts = try #require(trial.marks?.parts)
    #expect(parts.contains { $0.task == .repair && $0.length == 3 }, "one statement longer")
    for part in parts {
      #expect(part.problems > 0 && part.problems <= 6)
      #expect(abs(part.statuses.values.reduce(0, +) - 1) < 1e-9)
      #expect(part.right == part.statuses["success"])
      #expect(part.low <= part.right && part.right <= part.high)
    }
  }

  @Test func `have the same bits on any number of threads`() throws {
    let runs = try [1, 2].map { threads in
      try Threads.with(threads) { try small.middle(rate: 0.5, steps: 3) }
    }
    #expect(runs[0].0.loss == runs[1].0.loss && runs[0].0.anywhere == runs[1].0.anywhere)
    #expect(
      runs[0].1.namedParameters.map(\.parameter.value)
        == runs[1].1.namedParameters.map(\.parameter.value))
  }

  @Test func `leave the model that they start from as it was`() throws {
    let start = small.sizes.fresh
    let before = start.namedParameters.map(\.parameter.value)
    let trial = try small.transfer(from: start, named: "fresh", steps: 2, every: 1)
    #expect(trial.points.map(\.step) == [0, 1, 2])
    #expect(trial.points[0].tokens == 0 && trial.points[2].tokens >= 800)
    let revision = try small.revision(from: start, steps: 1, asked: 8, share: 0.5)
    #expect(revision.arms.map(\.share) == [0, 0.5, 0.5])
    #expect(revision.arms.map(\.scoresFirst) == [false, false, true])
    #expect(start.namedParameters.map(\.parameter.value) == before)
  }

  @Test func `lower the loss of the responses`() throws {
    let source = ProblemSource(
      [.output, .input], from: ProgramSampler(lengths: 1...2), budget: 600, seed: 1)
    let plan = CodeReader.plan(steps: 60, budget: 600)
    var losses: [Double] = []
    try CodeReader.train(small.sizes.fresh, on: source, plan: plan) { report, _ in
      losses.append(report.loss)
    }
    let (first, last) = (losses.prefix(5).reduce(0, +), losses.suffix(5).reduce(0, +))
    #expect(last < 0.7 * first)
  }

  @Test func `count the tokens up to where a share is reached for good`() {
    func trial(_ shares: [Double]) -> TransferTrial {
      TransferTrial(
        start: "x",
        points: shares.enumerated().map {
          .init(step: $0, tokens: 100 * $0, digitSums: $1, additions: 0)
        }, seconds: 0)
    }
    func reached(_ shares: [Double]) -> Int? {
      trial(shares).tokens(toReach: 0.9) { $0.digitSums }
    }
    #expect(reached([0, 0.5, 0.9, 1]) == 200)
    #expect(reached([0, 0.95, 0.5, 0.9]) == 300, "a lapse does not count")
    #expect(reached([1, 1]) == 0)
    #expect(reached([0, 0.95, 0.89]) == nil && reached([]) == nil)
  }

  @Test func `teach sums that no lesson about programs contains`() {
    var source = SumSource(budget: 400, seed: 1)
    let alphabet = CodeAlphabet.standard
    for _ in 0..<30 {
      let text = source.text()
      #expect(text.tokens.contains(alphabet.tasks.think), "every sum shows its steps")
      let question = alphabet.tokenizer.decode(
        text.tokens.dropFirst(2).prefix { $0 != alphabet.tasks.assistant })
      #expect(question.contains("+") && !question.contains("x"))
    }
  }

  @Test func `collect wrong answers that can be revised`() {
    let source = ProblemSource(
      [.output], from: ProgramSampler(lengths: 1...1), budget: 100, seed: 1)
    let wrong = RevisionTrial.wrongAnswers(
      of: small.sizes.fresh.language, to: source, count: 12, budget: 6)
    #expect(wrong.allSatisfy { $0.isRevisable })
    #expect(wrong.allSatisfy { !$0.problem.program.isHeldOut })
  }
}
