import Attention
import Checkpoints
import CommandLine
import Distillation
import Figures
import Foundation
import RL
import Tensors
import Text

/// A student in progress, with everything that is written down on the way.
///
/// The folder is a model directory with the student of the last save; `best` below it holds the
/// best one, `base` and `teacher` what was trained for it, `samples.jsonl` the teacher's text,
/// and `before.json` the base's marks.
struct DistillRun {
  let files: DistillFolder
  let minutes: Double?
  let configuration: DecoderConfiguration
  let alphabet: TaskAlphabet
  let before: ReasonerMarks
  let samples: TeacherSamples?
  var run: DistillationRun
  private(set) var seconds = 0.0
  private var metrics: FileHandle
  private var savedStep: Int?

  private var folder: URL { files.folder }

  /// Begins a run, or goes on with one; teacher and base are trained first if there are none.
  init(_ options: Distill) throws {
    minutes = options.minutes
    let files = try DistillFolder(options)
    self.files = files
    let isRunning = files.isRunning
    let teacher = try files.teacher()
    let theirs = try teacher.map { try Self.alphabet(of: $0.tokenizer, "teacher") }
    samples = try teacher.map { try files.samples(of: $0, theirs ?? .standard) }
    let student = try files.student()
    alphabet = try Self.alphabet(of: student.tokenizer, "student")
    try Self.check(student, alphabet, theirs, files.wishes.plan)
    configuration = student.configuration
    before = try files.before(student, alphabet)
    let (plan, folder) = (files.wishes.plan, files.folder)
    let twin = LanguageModel(configuration, seed: 0)
    switch (teacher?.model.language, samples, isRunning) {
    case (let teacher?, let samples?, true):
      run = try DistillationRun(
        resuming: student.model, from: teacher, samples: samples, in: folder,
        tokens: options.tokens, alphabet: alphabet)
    case (let teacher?, let samples?, false):
      run = try DistillationRun(
        student.model, from: teacher, samples: samples, plan: plan, alphabet: alphabet)
    case (_, _, true):
      run = try DistillationRun(
        resumingReinforced: student.model, twin: twin, in: folder, tokens: options.tokens,
        alphabet: alphabet)
    case (_, _, false):
      run = DistillationRun(
        reinforcing: student.model, twin: twin, plan: plan, alphabet: alphabet)
    }
    guard !run.isFinished else {
      throw Failure(
        "The run in \(folder.relativePath) ended after \(run.tokens) tokens; go on with larger "
          + "--tokens, or begin one with more --patience.")
    }
    let earlier = try files.reports(upTo: run.step)
    seconds = earlier.reduce(0) { $0 + $1.seconds }
    metrics = try files.metrics(after: earlier)
    try save()
    if !isRunning { try saveBest() }
  }

  private static func alphabet(of tokenizer: Tokenizer, _ who: String) throws -> TaskAlphabet {
    do { return try TaskAlphabet(tokenizer) } catch {
      throw Failure("The \(who) cannot be asked: \(error)")
    }
  }

  /// Refuses a student that writes other tokens than its teacher, or has no room for the texts.
  private static func check(
    _ student: SavedModel<LanguageModel>, _ own: TaskAlphabet, _ theirs: TaskAlphabet?,
    _ plan: DistillationPlan
  ) throws {
    let text = TaskAlphabet.characters
    if let theirs,
      own.prompt(text) + own.response(thought: "", answer: "")
        != theirs.prompt(text) + theirs.response(thought: "", answer: "")
    {
      throw Failure(
        "The student's tokens are not the teacher's; a student learns from tokens that both know "
          + "by the same numbers.")
    }
    let places = own.prompt("").count + plan.samples.largest + 1 + plan.samples.budget
    guard places <= student.configuration.maximumPositions else {
      throw Failure(
        "The student's context of \(student.configuration.maximumPositions) tokens is too short: "
          + "a question and its response take \(places).")
    }
  }

  /// Takes the steps that are left.
  mutating func learn() throws {
    let plan = run.plan
    Console.log(
      "Teaching \(run.student.parameterCount) weights by \(plan.method.rawValue): "
        + "\(plan.tokens - run.tokens) of \(plan.tokens) tokens are left, rate \(plan.rate), "
        + "seed \(plan.seed), into \(folder.relativePath).")
    let progress = ProgressLine(
      from: run.tokens, of: plan.tokens, seconds: minutes.map { $0 * 60 })
    let (began, first) = (seconds, run.tokens)
    while !run.isFinished, minutes.map({ seconds - began < $0 * 60 }) ?? true {
      if Interrupt.isRequested {
        progress.finish()
        try stop()
      }
      let tokens = run.tokens
      var report = try run.takeStep()
      seconds += report.seconds
      let isLook = run.wantsLook(after: report, before: tokens)
      let isBest = isLook && run.look(&report)
      try metrics.write(contentsOf: RunFolder.line(report))
      progress.update(
        step: min(report.tokens, plan.tokens),
        values: report.loss.map { ["loss": $0] } ?? ["right": report.accuracy ?? 0],
        done: Double(report.tokens - first))
      if isLook { tell(report, progress) }
      if isBest { try saveBest() }
      if isLook { try save() }
    }
    progress.finish()
    try save()
  }

  /// What is told at the end, of the best student.
  func summary() throws -> DistillSummary {
    let best = try SavedModel<LanguageModel>.open(folder.appending(path: "best"))
    return DistillSummary(
      model: folder.appending(path: "best").relativePath, student: files.wishes.student,
      parameters: run.student.parameterCount, plan: run.plan, samples: samples,
      steps: run.step, bestStep: run.best.step, tokens: run.tokens, seconds: seconds,
      before: before, after: files.marks(of: best, alphabet))
  }

  private func tell(_ report: StudentReport, _ progress: ProgressLine) {
    progress.clear()
    Console.log(
      "step \(report.step), \(report.tokens) tokens: "
        + (report.loss.map { "loss \(decimal($0)), " } ?? "")
        + "\(decimal(report.greedy ?? 0)) greedy on held-out sums with "
        + "\(decimal(report.greedyLength ?? 0)) tokens, controls \(decimal(report.controls ?? 0))"
    )
    Console.log("  │ " + run.transcript)
  }

  /// Saves after an interrupt, and says how to go on.
  private mutating func stop() throws -> Never {
    try save()
    throw Interrupted(
      "Interrupted after \(run.tokens) of \(run.plan.tokens) tokens; saved in "
        + "\(folder.relativePath).\n\(files.howToGoOn)")
  }

  private var saved: SavedModel<LanguageModel> {
    SavedModel(
      configuration: configuration, model: run.student, tokenizer: alphabet.tokenizer,
      generation: BaseTraining.generation(for: alphabet))
  }

  private mutating func save() throws {
    guard savedStep != run.step else { return }
    try ModelDirectory(opening: folder).save { staging in
      try saved.write(into: staging)
      try run.writeState(into: staging)
    }
    savedStep = run.step
  }

  private func saveBest() throws {
    try saved.save(to: folder.appending(path: "best"))
  }
}
