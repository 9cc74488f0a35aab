import CodeModels
import CommandLine
import Figures
import Foundation

extension CodeDemo {
  /// Holes filled with both sides in view, against going on from the prefix, and what that costs.
  mutating func showHoles() throws {
    Console.print(
      "Holes of 1 to 10 characters in programs, as recorded: chapter-demo code --long")
    try tell(rates: [10, 25, 50], suffix: "", key: "middle")
    let series = try tell(rates: [25, 50], suffix: "-long", key: "middle.long")
    Console.print()
    guard !series.isEmpty else { return }
    draw(
      "holes",
      LineChart(
        title: "How many holes are met, by their length",
        description:
          "The share of middles that are met exactly after 1700 steps, over their length from 1 to "
          + "10 characters, for models that see both sides, by the rate of rearranged documents, "
          + "and for the one that goes on from the prefix. All fall with the length, the last one "
          + "sooner.",
        xLabel: "characters of the middle", yLabel: "share met exactly", series: series,
        yIncludes: [0, 1]))
  }

  /// One length of training: without rearranged documents, and at some rates per cent of them.
  @discardableResult private mutating func tell(
    rates: [Int], suffix: String, key: String
  ) throws -> [LineChart.Series] {
    guard let plain = try recorded("middle-0\(suffix)", as: MiddleTrial.self) else { return [] }
    let (ahead, anywhere) = (plain.inPrograms.continued, plain.anywhere.continued.share)
    note("\(key).holes", plain.inPrograms.holes)
    note("\(key).plain.tokens", plain.tokens)
    note("\(key).plain.tokens-thousand", Double(plain.tokens) / 1000)
    note("\(key).plain.loss", plain.loss)
    note("\(key).plain.continued", ahead.share)
    note("\(key).plain.continued-anywhere", anywhere)
    Console.print("  \(plain.steps) steps")
    report(
      "  rate 0",
      "loss \(Self.digits(plain.loss, 4)); met from the prefix alone \(Self.percent(ahead.share))"
    )
    var series: [LineChart.Series] = []
    func points(_ share: MiddleTrial.Share) -> [(x: Double, y: Double)] {
      share.byLength.enumerated().map { (Double($0 + 1), $1) }
    }
    for rate in rates {
      guard let trial = try recorded("middle-\(rate)\(suffix)", as: MiddleTrial.self),
        let filled = trial.inPrograms.filled, let others = trial.anywhere.filled
      else { continue }
      let (cost, gain) = (100 * (trial.loss / plain.loss - 1), filled.share / ahead.share)
      note("\(key).\(rate).loss", trial.loss)
      note("\(key).\(rate).cost", cost)
      note("\(key).\(rate).filled", filled.share)
      note("\(key).\(rate).gain", gain)
      note("\(key).\(rate).continued", trial.inPrograms.continued.share)
      note("\(key).\(rate).filled-anywhere", others.share)
      note("\(key).\(rate).continued-anywhere", trial.anywhere.continued.share)
      report(
        "  rate \(Self.digits(trial.rate, 2))",
        "loss \(Self.digits(trial.loss, 4)), \(String(format: "%+.1f", cost)) %; filled "
          + "\(Self.percent(filled.share)), \(Self.digits(gain, 2)) times as many")
      series.append(
        .init(
          "both sides, rate \(Self.digits(trial.rate, 2))", points(filled),
          ink: .series(series.count), hasMarkers: true))
    }
    return series + [
      .init("prefix alone", points(ahead), ink: .series(series.count), hasMarkers: true)
    ]
  }

  /// What is learnt from traces, from answers alone, and of mending and explaining.
  mutating func showLessons() throws {
    Console.print(
      "Held-out programs of 2 and 3 statements, and of 4, longer than any in training")
    var rows: [(name: String, parts: [ProgramTrial.Part])] = []
    let asked: [(name: String, piece: String, tasks: [ProgramProblem.Task])] = [
      ("worked answers", "lesson-traces", [.output, .input]),
      ("answers alone", "lesson-answers", [.output, .input]),
      ("", "repair", [.repair, .explanation]),
    ]
    for (name, piece, tasks) in asked {
      guard let trial = try recorded(piece, as: LessonTrial.self) else { continue }
      let short = piece.replacing("lesson-", with: "")
      tell(trial, tasks, key: short, named: name.isEmpty ? "both" : name)
      for task in tasks {
        let title = Self.titles[task] ?? task.rawValue
        rows.append(
          (
            name.isEmpty ? title : "\(title), \(name)",
            trial.marks?.parts.filter { $0.task == task } ?? []
          ))
      }
    }
    let constant = Self.constantInput()
    note("constant.in", constant.share)
    note("constant.x", constant.x)
    report("always \(constant.x)", "input \(Self.percent(constant.share))")
    Console.print()
    draw("tasks", Self.tasks(rows))
  }

  /// What the tasks are called.
  static let titles: [ProgramProblem.Task: String] = [
    .output: "output", .input: "input", .repair: "repair", .explanation: "explanation",
  ]

  /// Bars of right answers by task and by the length of the program.
  private static func tasks(_ rows: [(name: String, parts: [ProgramTrial.Part])]) -> BarChart {
    let series = (2...4).map { length in
      let parts = rows.map { row in row.parts.first { $0.length == length } }
      return BarChart.Series(
        "\(length) statements", parts.map { $0?.right ?? .nan }, ink: .series(length - 2),
        ranges: parts.map { ($0?.low ?? 0)...($0?.high ?? 0) })
    }
    return BarChart(
      title: "What is right of held-out programs, by task and length",
      description:
        "The share of right answers for programs of 2, 3 and 4 statements, with intervals of 95 %. "
        + "Training has programs of 1 to 3 statements. Worked outputs of two statements are "
        + "highest, repairs follow. With four statements little is right but some inputs.",
      valueLabel: "share right", groups: rows.map(\.name), series: series,
      format: { digits($0, 2) })
  }

  /// The one answer that is right for most questions for an input, and how many those are.
  private static func constantInput() -> (x: Int, share: Double) {
    let shares = (0..<10).map { x in
      let means = (2...3).map { length in
        let problems = ProgramExamination(
          .input, from: ProgramSampler(lengths: length...length), count: 200, budget: 1,
          seed: UInt64(length)
        ).problems
        return Double(problems.count { $0.judge("\(x)") == .success }) / Double(problems.count)
      }
      return (x: x, share: means.reduce(0, +) / 2)
    }
    return shares.max { $0.share < $1.share } ?? (0, 0)
  }

  private mutating func tell(
    _ trial: LessonTrial, _ tasks: [ProgramProblem.Task], key: String, named name: String
  ) {
    note("lesson.\(key).tokens", trial.tokens)
    note("lesson.\(key).targets", trial.targets)
    guard let marks = trial.marks else { return }
    let texts = tasks.map { task in
      let (seen, longer) = (
        marks.right(task, lengths: 2...3), marks.right(task, lengths: 4...4)
      )
      note("lesson.\(key).\(task.rawValue)", seen)
      note("lesson.\(key).\(task.rawValue)-longer", longer)
      for part in marks.parts where part.task == task {
        note("lesson.\(key).\(task.rawValue)-\(part.length)", part.right)
        note(
          "lesson.\(key).\(task.rawValue)-\(part.length)-wrong", part.statuses["wrong"] ?? 0)
      }
      return "\(Self.titles[task] ?? "") \(Self.percent(seen)), longer \(Self.percent(longer))"
    }
    report(name, texts.joined(separator: "; "))
  }

  /// How fast sums are learnt after each of the lessons.
  mutating func showTransfer() throws {
    let steps = [100, 200, 300, 500]
    Console.print("Worked sums after other lessons: right after 100, 200, 300 and 500 steps")
    var series: [LineChart.Series] = []
    let starts = [
      ("none", "nothing"), ("traces", "worked answers"), ("answers", "answers alone"),
      ("code", "bare code"),
    ]
    for (start, name) in starts {
      guard let trial = try recorded("transfer-\(start)", as: TransferTrial.self) else {
        continue
      }
      let looks = trial.points.filter { steps.contains($0.step) }
      for look in looks {
        if start == "none" { note("transfer.tokens-\(look.step)", Double(look.tokens) / 1000) }
        note("transfer.\(start).\(look.step)", look.mean)
        note("transfer.\(start).sums-\(look.step)", look.digitSums)
        note("transfer.\(start).additions-\(look.step)", look.additions)
      }
      let reached = trial.tokens(toReach: 0.9, of: \.digitSums)
      if let reached { note("transfer.\(start).reached", Double(reached) / 1000) }
      report(
        name,
        looks.map { Self.percent($0.mean) }.joined(separator: ", ")
          + "; 90 % of sums of digits after "
          + (reached.map { "\($0 / 1000) thousand tokens" } ?? "more than all tokens"))
      series.append(
        .init(
          name, trial.points.map { (Double($0.tokens) / 1000, $0.mean) },
          ink: .series(series.count)))
    }
    Console.print()
    guard !series.isEmpty else { return }
    draw(
      "transfer",
      LineChart(
        title: "Learning sums, by what was read before",
        description:
          "The mean share of right answers to held-out sums of digits and additions, over the "
          + "thousands of tokens of worked sums, for four beginnings. The model that has read worked "
          + "answers is ahead of the fresh one at first and behind it later; answers alone follow, "
          + "and bare code is last.",
        xLabel: "thousand tokens of worked sums", yLabel: "share right", series: series,
        yIncludes: [0, 1]))
  }

  private static let arms = [
    "without": "no conversations", "second": "second scored", "both": "both scored",
  ]

  /// What the second turn is worth.
  mutating func showRevision() throws {
    guard let trial = try recorded("revision", as: RevisionTrial.self) else { return }
    note("revision.asked", trial.asked)
    note("revision.collected", trial.collected)
    Console.print(
      "A second turn: \(trial.collected) wrong answers of \(trial.asked), revised in training")
    for arm in trial.arms {
      let key = arm.share == 0 ? "without" : arm.scoresFirst ? "both" : "second"
      note("revision.\(key).tokens", arm.tokens)
      let texts = [ProgramProblem.Task.output, .input].compactMap { kind -> String? in
        let task = kind.rawValue
        guard let first = arm.first[task], let second = arm.second[task] else { return nil }
        note("revision.\(key).\(task)-first", first)
        note("revision.\(key).\(task)-second", second)
        note("revision.\(key).\(task)-mended", arm.mended[task] ?? 0)
        return "\(Self.titles[kind] ?? "") \(Self.percent(first)), then \(Self.percent(second))"
      }
      report(Self.arms[key] ?? key, texts.joined(separator: "; "))
    }
  }
}
