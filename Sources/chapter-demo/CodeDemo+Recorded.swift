import CodeModels
import CommandLine
import Figures
import Foundation

extension CodeDemo {
  /// Holes filled with both sides in view, against going on from the prefix, and what that costs.
  mutating func showHoles() throws {
    Console.print(
      "Holes of 1 to 10 characters in programs, as recorded: chapter-demo code --long")
    guard let plain = try recorded("middle-0", as: MiddleTrial.self) else { return }
    let (ahead, anywhere) = (plain.inPrograms.continued, plain.anywhere.continued.share)
    note("middle.holes", plain.inPrograms.holes)
    note("middle.plain.tokens", plain.tokens)
    note("middle.plain.loss", plain.loss)
    note("middle.plain.continued", ahead.share)
    note("middle.plain.continued-anywhere", anywhere)
    report(
      "rate 0", "loss \(Self.digits(plain.loss, 4)); met from the prefix alone "
        + Self.percent(ahead.share))
    var series: [LineChart.Series] = []
    func points(_ share: MiddleTrial.Share) -> [(x: Double, y: Double)] {
      share.byLength.enumerated().map { (Double($0 + 1), $1) }
    }
    for rate in [50, 25, 10] {
      guard let trial = try recorded("middle-\(rate)", as: MiddleTrial.self),
        let filled = trial.inPrograms.filled, let others = trial.anywhere.filled
      else { continue }
      let (cost, gain) = (100 * (trial.loss / plain.loss - 1), filled.share / ahead.share)
      note("middle.\(rate).loss", trial.loss)
      note("middle.\(rate).cost", cost)
      note("middle.\(rate).filled", filled.share)
      note("middle.\(rate).gain", gain)
      note("middle.\(rate).continued", trial.inPrograms.continued.share)
      note("middle.\(rate).filled-anywhere", others.share)
      note("middle.\(rate).continued-anywhere", trial.anywhere.continued.share)
      report(
        "rate \(Self.digits(trial.rate, 2))",
        "loss \(Self.digits(trial.loss, 4)), \(Self.digits(cost, 2)) % more; filled "
          + "\(Self.percent(filled.share)), \(Self.digits(gain, 2)) times as many")
      series.append(
        .init(
          "both sides, rate \(Self.digits(trial.rate, 2))", points(filled),
          ink: .series(series.count), hasMarkers: true))
    }
    Console.print()
    series.append(
      .init("prefix alone, rate 0", points(ahead), ink: .series(series.count), hasMarkers: true))
    draw(
      "holes",
      LineChart(
        title: "How many holes are met, by their length",
        description:
          "The share of middles that are met exactly, over their length from 1 to 10 characters, "
          + "for models that fill holes, by the rate of rearranged documents, and for the one that "
          + "goes on from the prefix. All fall with the length; at a rate of one half the model "
          + "that sees both sides lies above the one that does not at every length.",
        xLabel: "characters of the middle", yLabel: "share met exactly", series: series,
        yIncludes: [0, 1]))
  }

  /// What is learnt from traces, from answers alone, and of mending and explaining.
  mutating func showLessons() throws {
    Console.print(
      "Held-out programs of 2 and 3 statements, and of 4, longer than any in training")
    var rows: [(name: String, parts: [ProgramTrial.Part])] = []
    let asked: [(name: String, piece: String, tasks: [ProgramProblem.Task])] = [
      ("worked", "lesson-traces", [.output, .input]),
      ("answers alone", "lesson-answers", [.output, .input]),
      ("", "repair", [.repair, .explanation]),
    ]
    for (name, piece, tasks) in asked {
      guard let trial = try recorded(piece, as: LessonTrial.self) else { continue }
      let short = piece.replacing("lesson-", with: "")
      tell(trial, tasks, named: short)
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
    report("always \(constant.x)", "in \(Self.percent(constant.share))")
    Console.print()
    draw("tasks", Self.tasks(rows.sorted { $0.name > $1.name }))
  }

  private static let titles: [ProgramProblem.Task: String] = [
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
        + "Training has programs of 1 to 3 statements. Worked outputs lie above all other outputs "
        + "and inputs and fall with the length.",
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
    _ trial: LessonTrial, _ tasks: [ProgramProblem.Task], named name: String
  ) {
    note("lesson.\(name).tokens", trial.tokens)
    note("lesson.\(name).targets", trial.targets)
    guard let marks = trial.marks else { return }
    let texts = tasks.map { task in
      let (seen, longer) = (
        marks.right(task, lengths: 2...3), marks.right(task, lengths: 4...4)
      )
      note("lesson.\(name).\(task.rawValue)", seen)
      note("lesson.\(name).\(task.rawValue)-longer", longer)
      for part in marks.parts where part.task == task {
        note("lesson.\(name).\(task.rawValue)-\(part.length)", part.right)
      }
      return "\(task.rawValue) \(Self.percent(seen)), longer \(Self.percent(longer))"
    }
    report(name, texts.joined(separator: "; "))
  }

  /// How fast sums are learnt after each of the lessons.
  mutating func showTransfer() throws {
    Console.print("Worked sums after other lessons: tokens to 90 % of held-out sums")
    var series: [LineChart.Series] = []
    let starts = ["none"] + ProblemSource.Lesson.allCases.map(\.rawValue)
    for (index, start) in starts.enumerated() {
      guard let trial = try recorded("transfer-\(start)", as: TransferTrial.self) else {
        continue
      }
      let (sums, additions) = (
        trial.tokens(toReach: 0.9, of: \.digitSums), trial.tokens(toReach: 0.9, of: \.additions)
      )
      if let sums { note("transfer.\(start).sums", sums) }
      if let additions { note("transfer.\(start).additions", additions) }
      func text(_ tokens: Int?) -> String { tokens.map { "\($0 / 1000) thousand" } ?? "never" }
      report(
        start, "sums of digits \(text(sums)), additions \(text(additions))")
      series.append(
        .init(
          start, trial.points.map { (Double($0.tokens) / 1000, $0.mean) },
          ink: .series(index)))
    }
    Console.print()
    guard !series.isEmpty else { return }
    draw(
      "transfer",
      LineChart(
        title: "Sums are learnt sooner after traces of programs",
        description:
          "The mean share of right answers to held-out sums of digits and additions, over the thousands "
          + "of tokens of worked sums, for four beginnings: nothing, traces, answers and code alone.",
        xLabel: "thousand tokens of worked sums", yLabel: "share right", series: series,
        yIncludes: [0, 1]))
  }

  /// What the second turn is worth.
  mutating func showRevision() throws {
    guard let trial = try recorded("revision", as: RevisionTrial.self) else { return }
    note("revision.asked", trial.asked)
    note("revision.collected", trial.collected)
    Console.print(
      "A second turn: \(trial.collected) wrong answers of \(trial.asked), revised in training")
    for (key, arm) in zip(["without", "with"], trial.arms) {
      var texts: [String] = []
      for task in ["out", "in"] {
        guard let first = arm.first[task], let second = arm.second[task] else { continue }
        note("revision.\(key).\(task)-first", first)
        note("revision.\(key).\(task)-second", second)
        note("revision.\(key).\(task)-mended", arm.mended[task] ?? 0)
        texts.append("\(task) \(Self.percent(first)), then \(Self.percent(second))")
      }
      report("\(key) revisions", texts.joined(separator: "; "))
    }
  }
}
