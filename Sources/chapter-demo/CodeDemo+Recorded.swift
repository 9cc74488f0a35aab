import CodeModels
import CommandLine
import Figures
import Foundation

extension CodeDemo {
  /// Holes filled with both sides in view, against going on from the prefix.
  mutating func showHoles() throws {
    Console.print("Holes of 1 to 10 characters, as recorded: chapter-demo code --long")
    guard let plain = try recorded("middle-0", as: MiddleTrial.self),
      let filling = try recorded("middle-50", as: MiddleTrial.self)
    else { return }
    for (key, trial) in [("plain", plain), ("filling", filling)] {
      note("middle.\(key).loss", trial.loss)
      note("middle.\(key).tokens", trial.tokens)
      note("middle.\(key).continued", trial.inPrograms.continued.share)
      note("middle.\(key).continued-anywhere", trial.anywhere.continued.share)
      report(
        "rate \(Self.digits(trial.rate, 1))",
        "loss \(Self.digits(trial.loss, 4)); met from the prefix alone "
          + "\(Self.percent(trial.inPrograms.continued.share)) in programs, "
          + "\(Self.percent(trial.anywhere.continued.share)) anywhere")
    }
    note("middle.holes", plain.inPrograms.holes)
    let cost = 100 * (filling.loss / plain.loss - 1)
    note("middle.cost", cost)
    guard let filled = filling.inPrograms.filled, let anywhere = filling.anywhere.filled else {
      return
    }
    let gain = filled.share / plain.inPrograms.continued.share
    note("middle.filled", filled.share)
    note("middle.filled-anywhere", anywhere.share)
    note("middle.gain", gain)
    report(
      "both sides",
      "\(Self.percent(filled.share)) in programs, \(Self.percent(anywhere.share)) anywhere")
    report(
      "gain", "\(Self.digits(gain, 2)) times as many, at \(Self.digits(cost, 2)) % more loss")
    Console.print()
    func points(_ share: MiddleTrial.Share) -> [(x: Double, y: Double)] {
      share.byLength.enumerated().map { (Double($0 + 1), $1) }
    }
    draw(
      "holes",
      LineChart(
        title: "Whoever sees both sides fills longer holes",
        description:
          "The share of middles that are met exactly, over their length from 1 to 10 characters, for "
          + "the model that fills holes and for the one that goes on from the prefix. Both fall with "
          + "the length, and the first lies above the second.",
        xLabel: "characters of the middle", yLabel: "share met exactly",
        series: [
          .init("both sides", points(filled), ink: .series(0), hasMarkers: true),
          .init(
            "prefix alone", points(plain.inPrograms.continued), ink: .series(1),
            hasMarkers: true),
        ], yIncludes: [0, 1]))
  }

  /// What is learnt from traces, and from answers alone.
  mutating func showLessons() throws {
    Console.print(
      "Held-out programs of 2 and 3 statements, and of 4, longer than any in training")
    for lesson in [ProblemSource.Lesson.traces, .answers] {
      let trial = try recorded("lesson-\(lesson.rawValue)", as: LessonTrial.self)
      guard let trial else { continue }
      tell(trial, [.output, .input], named: lesson.rawValue)
    }
    if let repair = try recorded("repair", as: LessonTrial.self) {
      tell(repair, [.repair, .explanation], named: "repair")
    }
    Console.print()
  }

  private mutating func tell(
    _ trial: LessonTrial, _ tasks: [ProgramProblem.Task], named name: String
  ) {
    note("lesson.\(name).tokens", trial.tokens)
    guard let marks = trial.marks else { return }
    let texts = tasks.map { task in
      let (seen, longer) = (
        marks.right(task, lengths: 2...3), marks.right(task, lengths: 4...4)
      )
      note("lesson.\(name).\(task.rawValue)", seen)
      note("lesson.\(name).\(task.rawValue)-longer", longer)
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
