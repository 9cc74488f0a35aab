import CommandLine
import Figures
import Foundation
import RL
import SmallR1

/// A mark of the table of stages with a key, and marks that the table leaves out.
private typealias Mark = (key: String, isShare: Bool, of: @Sendable (StageMarks) -> Double)

extension SmallR1Demo {
  private static let marks: [Mark] = {
    let others: [Mark] = [
      ("digits", true, { $0.accuracyInDigits }), ("letters", true, { $0.accuracyInLetters }),
      ("thinking", true, { $0.thinking }), ("sorting", true, { $0.sorting }),
      ("copying", true, { $0.copying }), ("words", false, { $0.words }),
    ]
    return StageTable.marks.map { mark -> Mark in
      let key = mark.name.replacing("@", with: "").replacing(" ", with: "-")
      return (key, mark.isShare, mark.of)
    } + others
  }()

  /// Tells what each model can do, over the seeds, and what each stage changed.
  mutating func compareStages(_ records: SmallR1Records) {
    let runs = records.runs
    let models = runs[0].models.map(\.name)
    Console.print(
      "The models of \(runs.count) run\(runs.count == 1 ? "" : "s") with "
        + "\(runs[0].parameters) weights: \(models.joined(separator: ", "))")
    note("seeds", runs.count)
    note("weights", runs[0].parameters)
    notePlan()
    for mark in Self.marks { tell(mark, models, runs) }
    Console.print()
    tellCosts(models, runs)
    drawStages(models, runs)
  }

  /// The settings that the book names.
  private mutating func notePlan() {
    let plan = PipelinePlan()
    note("plan.zero.updates", plan.zero.updates)
    note("plan.reasoning.updates", plan.reasoning.updates)
    note("plan.questions", plan.rejection.questions)
    note("plan.samples", plan.rejection.samples)
    note("plan.last.updates", plan.allScenarios.updates)
    let asked = (1...plan.allScenarios.updates).count { plan.allScenarios.requests(at: $0) > 0 }
    note("plan.last.asked", asked)
    note("plan.cold.epochs", plan.coldStart.tuning.epochs)
    note("plan.rejection.epochs", plan.rejection.tuning.epochs)
    note("plan.people.epochs", plan.preference.epochs)
    note("plan.smallest", plan.sizes.lowerBound)
    note("plan.largest", plan.sizes.upperBound)
    let hacking = HackingPlan()
    note("plan.hacking.updates", hacking.updates)
    note("plan.hacking.penalty", hacking.penalty)
    note("plan.hacking.words", RequestJudge.wanted)
  }

  private mutating func tell(_ mark: Mark, _ models: [String], _ runs: [PipelineRecord]) {
    let places = mark.isShare ? 3 : 2
    var texts: [String] = []
    var before: [Double] = []
    for (index, model) in models.enumerated() {
      let numbers = runs.map { mark.of($0.models[index].marks) }
      note("stage.\(model).\(mark.key)", numbers, mark.isShare)
      for (run, number) in zip(runs, numbers) {
        note("seed.\(run.seed).\(model).\(mark.key)", number)
      }
      if index > 0 {
        note(
          "change.\(model).\(mark.key)", zip(before, numbers).map { $1 - $0 }, false)
      }
      before = numbers
      texts.append(Self.digits(Self.mean(numbers), places))
    }
    report(mark.key, texts.joined(separator: "  "))
  }

  /// Keeps a mean and, if there are several numbers, the ends of its interval.
  private mutating func note(_ key: String, _ numbers: [Double], _ isShare: Bool) {
    note(key, Self.mean(numbers))
    guard numbers.count > 1 else { return }
    let spread = SeedInterval(numbers, isShare: isShare)
    note("\(key).low", spread.low)
    note("\(key).high", spread.high)
  }

  static func mean(_ numbers: [Double]) -> Double {
    numbers.reduce(0, +) / Double(max(numbers.count, 1))
  }

  /// The seconds of each stage, and the examples of those that read.
  private mutating func tellCosts(_ models: [String], _ runs: [PipelineRecord]) {
    Console.print("What each model cost")
    for (index, model) in models.enumerated() {
      let seconds = Self.mean(runs.map { $0.models[index].seconds })
      note("cost.\(model).seconds", seconds)
      var text = "\(Self.digits(seconds, 0)) s"
      let kept = runs.compactMap { $0.models[index].examples }.map(Double.init)
      let asked = runs.compactMap { $0.models[index].asked }.map(Double.init)
      if !kept.isEmpty, kept.count == asked.count {
        note("cost.\(model).examples", Self.mean(kept))
        note("cost.\(model).asked", Self.mean(asked))
        text +=
          ", \(Self.digits(Self.mean(kept), 0)) examples of \(Self.digits(Self.mean(asked), 0))"
      }
      report(model, text)
    }
    let all = runs.map { $0.seconds / 60 }
    note("cost.minutes", Self.mean(all))
    note("cost.longest", all.max() ?? 0)
    for (key, number) in [
      ("asked", { Double($0.asked) }), ("kept", { Double($0.kept) }),
      ("trained", { Double($0.trained) }), ("first-loss", { $0.firstLoss }),
      ("last-loss", { $0.lastLoss }), ("agreement", { $0.agreement }),
    ] as [(String, (RewardReport) -> Double)] {
      let numbers = runs.compactMap(\.rewardModel).map(number)
      if !numbers.isEmpty { note("people.\(key)", Self.mean(numbers)) }
    }
    Console.print()
  }

  private mutating func drawStages(_ models: [String], _ runs: [PipelineRecord]) {
    let table = StageTable(runs)
    let shown: [(mark: String, label: String)] = [
      ("accuracy", "right, greedy"), ("consistency", "one language"),
      ("readable", "good to read"), ("win rate", "preferred"),
    ]
    draw(
      "stages",
      BarChart(
        title: "Five models and their base",
        description:
          "For each model four shares with their intervals over the seeds: right greedy answers to "
          + "held-out sums, the language consistency of sampled thoughts, the share of thoughts that "
          + "are good to read, and how often an answer to a request is liked better than a writer's.",
        valueLabel: "share", groups: models,
        series: shown.enumerated().map { index, entry in
          let cells = models.compactMap { table[entry.mark, $0] }
          return .init(
            entry.label, cells.map(\.mean), ink: .series(index),
            ranges: cells.allSatisfy { $0.interval != nil }
              ? cells.compactMap { cell in cell.interval.map { $0.low...max($0.low, $0.high) } }
              : [])
        }, format: { Self.digits($0, 2) }))
  }

  /// Three rows of the paper's table as bars, to lay beside ours.
  mutating func drawPublished() {
    let shown = ["AIME 2024", "IF-Eval", "AlpacaEval 2.0"]
    let rows = shown.compactMap { name in
      PublishedStages.rows.first { $0.benchmark == name }
    }
    draw(
      "published",
      BarChart(
        title: "The same five, as DeepSeek measured them",
        description:
          "Three of the sixteen benchmarks of the paper's table, in per cent, for R1-Zero, Dev1, Dev2, "
          + "Dev3 and R1. AIME 2024 falls with the cold start and comes back with reinforcement. "
          + "IF-Eval rises with the cold start and at the end. AlpacaEval 2.0 rises most at the end.",
        valueLabel: "per cent", groups: R1Stage.allCases.map(\.model),
        series: rows.enumerated().map { index, row in
          .init(row.benchmark, row.scores, ink: .series(index))
        }, format: { Self.digits($0, 0) }))
  }

  /// Consistency over the updates of all stages of reinforcement.
  mutating func drawCourse(_ records: SmallR1Records) {
    let stages = R1Stage.allCases.filter { records.updates[$0] != nil }
    guard !stages.isEmpty else { return }
    Console.print(
      "Consistency of sampled thoughts over the updates, seed \(records.runs[0].seed)")
    for stage in stages {
      guard let reports = records.updates[stage], let last = reports.last else { continue }
      let shown = reports.filter { $0.update == 1 || $0.update.isMultiple(of: 20) }
      for report in shown { tell(report, stage) }
      note("course.\(stage.model).updates", last.update)
      note(
        "course.\(stage.model).largest-log-ratio", reports.map(\.largestLogRatio).max() ?? 0)
    }
    Console.print()
    func points(
      _ stage: R1Stage, _ number: (ReinforcementReport) -> Double?
    ) -> [(x: Double, y: Double)] {
      let reports = records.updates[stage] ?? []
      return reports.compactMap { report in
        number(report).map { (Double(report.update), $0) }
      }
    }
    draw(
      "consistency",
      LineChart(
        title: "What keeps a thought in one language",
        description:
          "The mean share of the question's language in sampled thoughts over the updates of the stages "
          + "of reinforcement, one line for each.",
        xLabel: "update", yLabel: "language consistency",
        series: stages.enumerated().map { index, stage in
          .init(stage.model, points(stage, \.consistency), ink: .series(index))
        }, yIncludes: [0, 1]))
  }

  private mutating func tell(_ report: ReinforcementReport, _ stage: R1Stage) {
    let key = "course.\(stage.model).\(report.update)"
    note("\(key).accuracy", report.accuracy)
    note("\(key).thinking", report.thinking)
    note("\(key).length", report.length)
    note("\(key).dead", report.deadGroups)
    if let consistency = report.consistency { note("\(key).consistency", consistency) }
    if let greedy = report.greedy { note("\(key).greedy", greedy) }
    if let value = report.value { note("\(key).value", value) }
    if let words = report.words { note("\(key).words", words) }
    self.report(
      "\(stage.model), \(report.update)",
      "consistency \(report.consistency.map { Self.digits($0, 2) } ?? "–"), right "
        + "\(Self.digits(report.accuracy, 2)), thinking \(Self.digits(report.thinking, 2)), tokens "
        + Self.digits(report.length, 1)
        + (report.value.map { ", worth \(Self.digits($0, 2)) to people" } ?? ""))
  }
}
