import Attention
import Checkpoints
import CommandLine
import Figures
import Foundation
import MTP
import RL
import SmallR1
import Tensors

/// The making of a small R1: a base, and one model after the other, up to the stage that is wanted.
///
/// Every stage begins where its folder says it stopped, so an interrupted run goes on and a
/// finished one only adds what is missing.
struct StagesRun {
  let files: StagesFolder
  let alphabet: TaskAlphabet

  /// Begins a run, or goes on with one; a base is trained first if there is none.
  init(_ options: Reason) throws {
    files = try StagesFolder(options)
    if files.wishes.base == nil {
      let own = files.baseFolder
      let clock = StageClock(files, own)
      var training = try BilingualBaseTraining(
        in: own, steps: files.wishes.baseSteps, seed: files.wishes.seed)
      let isNew = !training.trainer.isFinished
      defer { if isNew { try? clock.stop() } }
      try training.finish(toGoOn: files.howToGoOn)
    }
    let base = try files.model(nil)
    do {
      alphabet = try TaskAlphabet(
        base.tokenizer, characters: TaskAlphabet.bilingualCharacters,
        answers: TaskAlphabet.bilingualAnswers)
    } catch { throw Failure("The base cannot be asked: \(error)") }
    let plan = files.wishes.plan
    let budgets = [plan.zero.budget, plan.reasoning.budget, plan.allScenarios.budget]
    let places = alphabet.prompt("").count + plan.sizes.upperBound + 1 + (budgets.max() ?? 0)
    guard places <= base.configuration.maximumPositions else {
      throw Failure(
        "The base's context of \(base.configuration.maximumPositions) tokens is too short: a question "
          + "and its response take \(places).")
    }
  }

  /// Makes the models that are missing, and examines each.
  func make() throws {
    try tell(nil)
    for stage in files.wishes.stage.path {
      if !files.isFinished(stage) {
        _ = try ModelDirectory(creating: files.folder(stage))
        if let plan = files.wishes.plan.reinforcement(of: stage) {
          try reinforce(stage, plan)
        } else if let plan = files.wishes.plan.tuning(of: stage) {
          try tune(stage, plan)
        }
        try files.finish(stage)
      }
      try tell(stage)
    }
  }

  private func tell(_ stage: Stage?) throws {
    let marks = try files.marks(stage, alphabet)
    Console.log(
      "\(stage?.model ?? "base"): accuracy \(decimal(marks.accuracy)), consistency "
        + "\(decimal(marks.consistency)), readable \(decimal(marks.readable)), breadth "
        + "\(decimal(marks.breadth)), win rate \(decimal(marks.winRate)).")
  }

  // MARK: Fine-tuning

  private func tune(_ stage: Stage, _ plan: TuningPlan) throws {
    let own = files.folder(stage)
    let clock = StageClock(files, own)
    let samples = try files.examples(stage, alphabet)
    let training = plan.training(on: samples.examples.count)
    let source = ExampleEpochs(
      samples.examples, sequences: plan.sequences, alphabet: alphabet, seed: plan.seed)
    let isRunning = RunFolder.holds("trainer.json", own)
    let start = try isRunning ? .open(own) : files.model(stage.start)
    var trainer =
      isRunning
      ? try Trainer(resuming: start.model, from: own, batches: source)
      : Trainer(start.model, plan: training, batches: source)
    Console.log(
      "\(stage.model): fine-tuning on \(samples.examples.count) examples, steps "
        + "\(trainer.step + 1) to \(training.steps).")
    let progress = ProgressLine(from: trainer.step, of: training.steps, unit: "examples")
    let before = trainer.step
    while !trainer.isFinished {
      try stopIfAsked(progress, "step \(trainer.step) of \(training.steps) of \(stage.model)") {
        try files.save(start, stage) { try trainer.writeState(into: $0) }
        try clock.stop()
      }
      let report = try trainer.takeStep()
      progress.update(
        step: report.step, values: ["loss": report.loss],
        done: Double((report.step - before) * plan.sequences))
    }
    progress.finish()
    try files.save(start, stage) { try trainer.writeState(into: $0) }
    try clock.stop()
  }

  // MARK: Reinforcement

  private func reinforce(_ stage: Stage, _ plan: ReinforcementPlan) throws {
    let own = files.folder(stage)
    let clock = StageClock(files, own)
    let people = plan.requests > 0 ? try files.people(alphabet) : nil
    let isRunning = RunFolder.holds(ReinforcementRun.stateFile, own)
    let start = try isRunning ? .open(own) : files.model(stage.start)
    let twin = DeepSeekModel(start.configuration, seed: 0)
    var run =
      isRunning
      ? try ReinforcementRun(
        resuming: start.model, twin: twin, from: own, people: people, alphabet: alphabet)
      : ReinforcementRun(
        start.model, twin: twin, plan: plan, people: people, alphabet: alphabet)
    let metrics = try files.metrics(stage, after: files.reports(stage, upTo: run.update))
    Console.log(
      "\(stage.model): updates \(run.update + 1) to \(plan.updates) of \(plan.prompts) questions "
        + "with \(plan.samples) responses each.")
    let progress = ProgressLine(from: run.update, of: plan.updates)
    var tokens = 0
    while !run.isFinished {
      try stopIfAsked(progress, "update \(run.update) of \(plan.updates) of \(stage.model)") {
        try files.save(start, stage) { try run.writeState(into: $0) }
        try clock.stop()
      }
      var report = try run.takeUpdate()
      tokens += report.tokens
      let isLook = run.wantsLook(after: run.update)
      if isLook { run.look(&report) }
      try metrics.write(contentsOf: RunFolder.line(report))
      progress.update(
        step: report.update, values: ["right": report.accuracy, "length": report.length],
        done: Double(tokens))
      if isLook {
        tell(report, run.transcript, progress)
        try files.save(start, stage) { try run.writeState(into: $0) }
      }
    }
    progress.finish()
    try clock.stop()
  }

  private func tell(
    _ report: ReinforcementReport, _ transcript: String, _ progress: ProgressLine
  ) {
    progress.clear()
    Console.log(
      "update \(report.update): right \(decimal(report.accuracy)) sampled, "
        + "\(decimal(report.greedy ?? 0)) greedy on held-out sums, consistency "
        + "\(decimal(report.consistency ?? 0)), controls \(decimal(report.controls ?? 0))"
        + (report.score.map { ", preference \(decimal($0))" } ?? ""))
    Console.log("  │ " + transcript)
  }

  // MARK: Interrupts

  /// Saves after an interrupt, and says how to go on.
  private func stopIfAsked(
    _ progress: ProgressLine, _ place: String, save: () throws -> Void
  ) throws {
    guard Interrupt.isRequested else { return }
    progress.finish()
    try save()
    throw Interrupted(
      "Interrupted after \(place); saved in \(files.url.relativePath).\n"
        + "Go on with: \(files.howToGoOn)")
  }

  // MARK: The end

  /// What is told at the end, of all models so far.
  func summary() throws -> StagesSummary {
    let path: [Stage?] = [nil] + files.wishes.stage.path
    let models = try path.map { stage in
      let own = stage.map(files.folder) ?? files.baseFolder
      let samples =
        try stage.flatMap { $0.writer == nil ? nil : try files.examples($0, alphabet) }
      return PipelineRecord.Model(
        name: stage?.model ?? "base", marks: try files.marks(stage, alphabet),
        seconds: try files.seconds(in: own), examples: samples?.examples.count,
        asked: samples?.asked)
    }
    var record = PipelineRecord(
      seed: files.wishes.seed, parameters: try files.model(nil).model.parameterCount,
      models: models)
    record.rewardModel = try files.rewardReport()
    if files.wishes.probes, files.wishes.stage == .allScenarios {
      record.hacking = try files.hacking(alphabet)
      record.testTime = try files.testTime(alphabet)
      record.voices = try files.voices(alphabet)
    }
    return StagesSummary(record: record, model: files.folder(files.wishes.stage).relativePath)
  }
}

/// Counts the seconds of a stage over all sessions.
struct StageClock {
  private let files: StagesFolder
  private let folder: URL
  private let start = ContinuousClock.now

  init(_ files: StagesFolder, _ folder: URL) {
    self.files = files
    self.folder = folder
  }

  /// Adds the seconds since the start to those that were spent before.
  func stop() throws {
    let before = try files.seconds(in: folder)
    try files.write(seconds: before + (ContinuousClock.now - start) / .seconds(1), in: folder)
  }
}
