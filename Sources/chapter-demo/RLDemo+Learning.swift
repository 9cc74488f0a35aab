import Attention
import CommandLine
import Figures
import MTP
import RL
import Text

extension RLDemo {
  /// Trains a small base, whose examples think about short sums and hardly ever about long ones.
  mutating func trainBase() throws -> DeepSeekModel {
    var trainer = RLLesson(seed: seed).trainer()
    let plan = trainer.plan
    Console.print(
      "A base trained here, smaller than the book's: \(trainer.model.parameterCount) weights, "
        + "\(plan.steps) steps of \(plan.sequences) examples")
    while !trainer.isFinished { _ = try trainer.takeStep() }
    let loss = trainer.smoothedLoss.value ?? 0
    note("base.parameters", trainer.model.parameterCount)
    note("base.steps", plan.steps)
    note("base.sequences", plan.sequences)
    note("base.loss", loss)
    report("loss", "\(Self.digits(loss, 3)) nats for each token of a response, smoothed")
    Console.print()
    return trainer.model
  }

  /// Asks whether the base has anything that could be reinforced.
  mutating func passGates(of base: DeepSeekModel) {
    Console.print("Gates: what sampling finds, and what a thought is worth")
    let examination = Examination(budget: 20, samples: 8)
    let gates = GateReport(
      of: base.language, sizes: RLLesson.sizes, problems: 200, examination: examination)
    for size in gates.sizes {
      note("gate.\(size.size).pass-1", size.passAt1)
      note("gate.\(size.size).pass-8", size.passAt8)
      note("gate.\(size.size).direct", size.direct)
      note("gate.\(size.size).thinking", size.thinking)
      report(
        "\(size.size) digits",
        "pass@1 \(Self.digits(size.passAt1, 2)), pass@8 \(Self.digits(size.passAt8, 2)); without a "
          + "thought \(Self.digits(size.direct, 2)), with one \(Self.digits(size.thinking, 2))")
    }
    note("gate.complaints", gates.complaints.count)
    for complaint in gates.complaints { report("closed", complaint) }
    if gates.complaints.isEmpty { report("open", "all of them") }
    Console.print()
  }

  /// Reinforces the base with rule rewards alone, and examines it before and after.
  mutating func learn(from base: DeepSeekModel) throws {
    var run = RLLesson(seed: seed).run(from: base)
    let before = marks(of: run)
    let said = transcripts(of: run)
    let (thought, sampled) = (probes(of: run), sampledThinking(of: run))
    let reports = try takeUpdates(&run)
    drawCourse(reports)
    let after = marks(of: run)
    tell(before, after)
    Console.print("The likeliest response to a sum of five digits and one of six")
    for (old, new) in zip(said, transcripts(of: run)) {
      report("before", old)
      report("after", new)
    }
    Console.print()
    compare(thought, probes(of: run), sampled, sampledThinking(of: run))
  }

  private mutating func takeUpdates(_ run: inout ZeroRun) throws -> [UpdateReport] {
    let plan = run.plan
    Console.print(
      "R1-Zero: \(plan.updates) updates of \(plan.prompts) sums with \(plan.samples) responses each; "
        + "nothing is paid but right answers")
    note("run.updates", plan.updates)
    note("run.prompts", plan.prompts)
    note("run.samples", plan.samples)
    note("run.budget", plan.budget)
    note("run.rate", Double(plan.rate))
    var reports: [UpdateReport] = []
    while !run.isFinished {
      var report = try run.takeUpdate()
      if report.update % plan.evaluateEvery == 0 || run.isFinished { _ = run.look(&report) }
      reports.append(report)
      if report.update == 1 || report.update.isMultiple(of: 10) { tell(report) }
    }
    note("run.seconds", reports.reduce(0) { $0 + $1.seconds })
    note("run.tokens", reports.reduce(0) { $0 + $1.tokens })
    note("run.alarms", reports.reduce(0) { $0 + $1.alarms.count })
    note("run.clip-share", reports.map(\.clipShare).max() ?? 0)
    note("run.largest-log-ratio", reports.map(\.largestLogRatio).max() ?? 0)
    if let divergence = reports.last?.divergence { note("run.divergence", divergence) }
    Console.print()
    return reports
  }

  private mutating func tell(_ update: UpdateReport) {
    let key = "run.\(update.update)"
    note("\(key).accuracy", update.accuracy)
    note("\(key).length-right", update.lengthRight)
    note("\(key).length-wrong", update.lengthWrong)
    note("\(key).entropy", update.entropy)
    note("\(key).thinking", update.thinking)
    note("\(key).dead", update.deadGroups)
    if let greedy = update.greedy { note("\(key).greedy", greedy) }
    report(
      "update \(update.update)",
      "right \(Self.digits(update.accuracy, 2)), thinking \(Self.digits(update.thinking, 2)), tokens "
        + "\(Self.digits(update.lengthRight, 1)) right and \(Self.digits(update.lengthWrong, 1)) "
        + "wrong, entropy \(Self.digits(update.entropy, 2)), dead groups "
        + Self.percent(update.deadGroups))
  }

  private func marks(of run: ZeroRun) -> ReasonerMarks {
    ReasonerMarks(of: run.policy.language, sizes: RLLesson.sizes, problems: 200)
  }

  private mutating func tell(_ before: ReasonerMarks, _ after: ReasonerMarks) {
    Console.print("Held-out problems   greedy         pass@1         pass@8         tokens")
    let pairs = zip(before.sums + before.controls, after.sums + after.controls)
    for (old, new) in pairs {
      for (name, marks) in [("before", old), ("after", new)] {
        let key = "\(name).\(marks.name.replacing(" ", with: "-").lowercased())"
        note("\(key).greedy", marks.greedy)
        note("\(key).pass-1", marks.passAt1)
        note("\(key).pass-8", marks.passAt8)
        note("\(key).length", marks.length)
        note("\(key).valid", marks.valid)
      }
      report(
        old.name,
        "\(Self.digits(old.greedy, 2)) → \(Self.digits(new.greedy, 2))    "
          + "\(Self.digits(old.passAt1, 2)) → \(Self.digits(new.passAt1, 2))    "
          + "\(Self.digits(old.passAt8, 2)) → \(Self.digits(new.passAt8, 2))    "
          + "\(Self.digits(old.length, 1)) → \(Self.digits(new.length, 1))")
    }
    for (name, marks) in [("before", before), ("after", after)] {
      note("\(name).greedy", marks.mean(\.greedy))
      note("\(name).pass-1", marks.mean(\.passAt1))
      note("\(name).pass-8", marks.mean(\.passAt8))
      note("\(name).length", marks.mean(\.length))
    }
    let gain = ShareInterval.pairedBootstrap(scores(before), scores(after))
    note("gain.low", gain.low)
    note("gain.high", gain.high)
    report(
      "gain on sums",
      "between \(Self.digits(gain.low, 2)) and \(Self.digits(gain.high, 2)) (95 %), greedy")
    Console.print()
  }

  private func scores(_ marks: ReasonerMarks) -> [Double] {
    marks.sums.flatMap { $0.right.map { $0 ? 1 : 0 } }
  }

  /// The likeliest response to one sum of each size, as the model reads and writes it.
  private func transcripts(of run: ZeroRun) -> [String] {
    let alphabet = run.alphabet
    let prompts = RLLesson.sizes.map {
      alphabet.prompt(TaskMix.heldOut(.digitSum, size: $0, count: 1)[0].prompt)
    }
    let rollout = Rollout.greedy(budget: run.plan.budget, stops: [alphabet.end])
    return zip(prompts, run.policy.language.responses(to: prompts, rollout, seed: 0)).map {
      alphabet.tokenizer.decode($0.dropFirst(2) + $1[0].tokens.filter { $0 != alphabet.end })
    }
  }

  private mutating func drawCourse(_ reports: [UpdateReport]) {
    func points(_ number: (UpdateReport) -> Double?) -> [(x: Double, y: Double)] {
      reports.compactMap { report in number(report).map { (Double(report.update), $0) } }
    }
    draw(
      "learning",
      LineChart(
        title: "A base that guesses learns to think, and is right",
        description:
          "The share of right answers over the updates, for samples at temperature 1 and for the "
          + "likeliest response to held-out sums, with the share of samples that think. All three "
          + "begin low and rise together.",
        xLabel: "update", yLabel: "share",
        series: [
          .init("right, sampled", points(\.accuracy), ink: .series(0)),
          .init("right, greedy, held out", points(\.greedy), ink: .series(1), hasMarkers: true),
          .init("thinks", points(\.thinking), ink: .series(2)),
        ], references: [.init("guessing", y: 0.1)], yIncludes: [0, 1]))
    draw(
      "lengths",
      LineChart(
        title: "Right answers are long from the start; the wrong ones follow",
        description:
          "The mean tokens of right and of wrong responses over the updates. Right responses are "
          + "longer at first, because more of them have thought, and both grow to the length of "
          + "a whole thought.",
        xLabel: "update", yLabel: "tokens of a response",
        series: [
          .init("right", points(\.lengthRight), ink: .series(0)),
          .init(
            "wrong", points { $0.accuracy < 1 ? $0.lengthWrong : nil }, ink: .series(1)),
          .init("all", points(\.length), ink: .series(2)),
        ], yIncludes: [0]))
  }
}
