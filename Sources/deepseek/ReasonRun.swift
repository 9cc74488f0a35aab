import Attention
import Checkpoints
import CommandLine
import Figures
import Foundation
import MTP
import RL
import Tensors

/// Reinforcement in progress, with everything that is written down on the way.
///
/// The folder is a model directory with the policy of the last save; `best` below it holds the best
/// policy, `base` the base that was trained for it, and `before.json` the base's marks.
struct ReasonRun {
  let folder: URL
  let minutes: Double?
  let problems: Int
  let configuration: DecoderConfiguration
  let alphabet: TaskAlphabet
  let before: ReasonerMarks
  var run: ZeroRun
  private(set) var seconds = 0.0
  private var metrics: FileHandle
  private var savedUpdate: Int?

  /// Begins a run, or goes on with one; a base is trained first if there is none.
  init(_ options: Reason) throws {
    minutes = options.minutes
    folder =
      try options.resume ?? options.out.map(RunFolder.checked) ?? RunFolder.next(for: "reason")
    let isRunning = options.resume != nil && RunFolder.holds(ZeroRun.stateFile, folder)
    let wishes = try ReasonFolder.wishes(options, in: folder)
    let start = try isRunning ? .open(folder) : ReasonFolder.base(options, wishes, in: folder)
    configuration = start.configuration
    do { alphabet = try TaskAlphabet(start.tokenizer) } catch {
      throw Failure("The base cannot be asked: \(error)")
    }
    let twin = DeepSeekModel(configuration, seed: 0)
    if isRunning {
      run = try ZeroRun(
        resuming: start.model, twin: twin, from: folder, updates: options.updates,
        alphabet: alphabet)
      before = try ReasonFolder.marks(in: folder)
      guard !run.isFinished else {
        throw Failure(
          "The run in \(folder.relativePath) ended after \(run.update) updates; go on with a "
            + "larger --updates.")
      }
    } else {
      run = ZeroRun(start.model, twin: twin, plan: wishes.plan, alphabet: alphabet)
      before = try ReasonFolder.examined(start, run, wishes, in: folder, options)
    }
    problems = wishes.problems
    let earlier = try ReasonFolder.reports(in: folder, upTo: run.update)
    seconds = earlier.reduce(0) { $0 + $1.seconds }
    metrics = try ReasonFolder.metrics(in: folder, after: earlier)
    try save()
    if !isRunning { try saveBest() }
  }

  /// Takes the updates that are left.
  mutating func learn() throws {
    let plan = run.plan
    Console.log(
      "Updates \(run.update + 1) to \(plan.updates) of \(plan.prompts) questions with "
        + "\(plan.samples) responses each, rate \(plan.rate), seed \(plan.seed), into "
        + "\(folder.relativePath).")
    let progress = ProgressLine(
      from: run.update, of: plan.updates, seconds: minutes.map { $0 * 60 })
    let began = seconds
    var tokens = 0
    while !run.isFinished, minutes.map({ seconds - began < $0 * 60 }) ?? true {
      if Interrupt.isRequested {
        progress.finish()
        try stop()
      }
      var report = try run.takeUpdate()
      seconds += report.seconds
      tokens += report.tokens
      let isLook = report.update % plan.evaluateEvery == 0 || run.isFinished
      let isBest = isLook && run.look(&report)
      try metrics.write(contentsOf: RunFolder.line(report))
      progress.update(
        step: report.update, values: ["right": report.accuracy, "length": report.length],
        done: Double(tokens))
      if isLook { tell(report, progress) }
      if isBest { try saveBest() }
      if isLook { try save() }
    }
    progress.finish()
    try save()
  }

  /// What is told at the end, of the best policy.
  func summary() throws -> ReasonSummary {
    let best = try SavedModel<DeepSeekModel>.open(folder.appending(path: "best"))
    return ReasonSummary(
      model: folder.appending(path: "best").relativePath, updates: run.update,
      bestUpdate: run.best.update, seconds: seconds, before: before,
      after: ReasonFolder.marks(of: best.model, run, problems: problems),
      probes: try ReasonFolder.probes(in: folder))
  }

  private func tell(_ report: UpdateReport, _ progress: ProgressLine) {
    progress.clear()
    Console.log(
      "update \(report.update): right \(decimal(report.accuracy)) sampled, "
        + "\(decimal(report.greedy ?? 0)) greedy on held-out problems with "
        + "\(decimal(report.greedyLength ?? 0)) tokens, controls \(decimal(report.controls ?? 0))"
    )
    Console.log("  │ " + run.transcript())
    for alarm in report.alarms { Console.log("  warning (gate G3): \(alarm).") }
  }

  /// Saves after an interrupt, and says how to go on.
  private mutating func stop() throws -> Never {
    try save()
    let path = folder.relativePath
    throw Interrupted(
      "Interrupted after update \(run.update) of \(run.plan.updates); saved in \(path).\n"
        + "Go on with: deepseek reason --resume \(path)")
  }

  private var saved: SavedModel<DeepSeekModel> {
    SavedModel(
      configuration: configuration, model: run.policy, tokenizer: alphabet.tokenizer,
      generation: BaseTraining.generation(for: alphabet))
  }

  private mutating func save() throws {
    guard savedUpdate != run.update else { return }
    try ModelDirectory(opening: folder).save { staging in
      try saved.write(into: staging)
      try run.writeState(into: staging)
    }
    savedUpdate = run.update
  }

  private func saveBest() throws {
    try saved.save(to: folder.appending(path: "best"))
  }
}
