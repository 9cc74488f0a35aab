import Attention
import Checkpoints
import CommandLine
import FP8
import Figures
import Foundation
import MTP
import SmallV3
import Tensors
import Text

/// A training in progress: the trainer, and everything that is written down on the way.
struct TrainingRun {
  let folder: URL
  let configuration: DecoderConfiguration
  let tokenizer: Tokenizer
  let text: TrainingText
  let notes: RunNotes
  private(set) var guarded: GuardedTrainer<DeepSeekModel>
  var trainer: Trainer<DeepSeekModel> { guarded.trainer }
  var metrics: Metrics
  private var savedStep: Int?

  /// Begins a run.
  init(_ options: Train) throws {
    let wanted = try options.out.map(RunFolder.checked)
    var setup = try TrainingSetup(options)
    text = setup.text
    if let minutes = options.minutes { try setup.fit(minutes: minutes) }
    (configuration, tokenizer) = (setup.model, setup.tokenizer)
    folder = wanted ?? RunFolder.next(for: setup.name)
    let often = max(1, (setup.plan.steps + 9) / 10)
    notes = RunNotes(
      data: options.data.map(\.path), evaluateEvery: options.evaluateEvery ?? often,
      saveEvery: options.saveEvery ?? options.evaluateEvery ?? often, recipe: setup.recipe,
      onSpike: options.onSpike)
    let trainer = Trainer(
      DeepSeekModel(configuration, seed: setup.plan.seed), plan: setup.plan,
      batches: text.source, in: setup.precision)
    guarded = GuardedTrainer(
      trainer,
      monitor: TrainingMonitor(
        notes.recipe?.limits ?? .init(), activeExperts: configuration.experts?.active ?? 1),
      policy: notes.onSpike ?? .warn)
    _ = try ModelDirectory(creating: folder)
    metrics = try Metrics(in: folder)
    try save()
  }

  /// Continues the run of a directory.
  init(resuming source: URL, with options: Train) throws {
    let saved = try SavedModel<DeepSeekModel>.open(source)
    guard let old = try RunNotes.read(from: source) else {
      throw Failure("\(source.relativePath) holds a model, but no run that could be resumed.")
    }
    let out = options.out ?? source
    folder = out.path == source.path ? source : try RunFolder.checked(out)
    let files =
      options.data.isEmpty ? old.data.map { URL(fileURLWithPath: $0) } : options.data
    let plan = try Trainer<DeepSeekModel>.plan(in: source)
    text =
      try old.recipe.map {
        try TrainingText(.named(files, $0), $0, tokenizer: saved.tokenizer, plan: plan)
      }
      ?? TrainingText(
        .named(files), tokenizer: saved.tokenizer, length: plan.length,
        sequences: plan.sequences, seed: plan.seed)
    let trainer = try Trainer(
      continuing: saved.model, from: source, batches: text.source, steps: options.steps)
    (configuration, tokenizer) = (saved.configuration, saved.tokenizer)
    notes = RunNotes(
      data: files.map(\.path), evaluateEvery: options.evaluateEvery ?? old.evaluateEvery,
      saveEvery: options.saveEvery ?? options.evaluateEvery ?? old.saveEvery,
      recipe: old.recipe, onSpike: options.onSpike ?? old.onSpike)
    let watch = try WatchState.read(from: source)
    guarded = GuardedTrainer(
      trainer,
      monitor: watch?.monitor
        ?? TrainingMonitor(
          notes.recipe?.limits ?? .init(),
          activeExperts: configuration.experts?.active ?? 1),
      policy: notes.onSpike ?? .warn, record: watch?.record ?? GuardRecord())
    guard trainer.step < trainer.plan.steps else {
      throw Failure(
        "The run in \(source.relativePath) has taken all of its \(trainer.step) steps; "
          + "go on with a larger --steps.")
    }
    _ = try ModelDirectory(creating: folder)
    metrics = try Metrics(in: folder, continuing: source, upTo: trainer.step)
    try save()
  }

  /// Takes the steps that are left.
  mutating func train() throws {
    announce()
    let progress = ProgressLine(from: trainer.step, of: trainer.plan.steps)
    var spent = metrics.lines.last?.seconds ?? 0
    let before = trainer.tokens
    while !trainer.isFinished {
      if Interrupt.isRequested {
        progress.finish()
        try stop()
      }
      guard var line = try measuredStep(progress, &spent) else { continue }
      let isDue = line.step % notes.evaluateEvery == 0 || trainer.isFinished
      if isDue {
        line.validationLoss = text.loss(of: trainer.model)
        line.acceptance = text.acceptance(of: trainer.model)
      }
      try metrics.append(line)
      progress.update(
        step: line.step, values: ["loss": trainer.smoothedLoss.value ?? line.loss],
        done: Double(line.tokens - before))
      if isDue { try report(line, progress) }
      if line.step % notes.saveEvery == 0 || trainer.isFinished { try save() }
    }
    progress.finish()
  }

  /// Takes a step, or goes back as many as must be repeated, and gives no line then.
  private mutating func measuredStep(
    _ progress: ProgressLine, _ spent: inout Double
  ) throws -> Measurement? {
    let clock = ContinuousClock()
    let (start, before) = (clock.now, trainer.tokens)
    do {
      let outcome = try guarded.takeStep()
      let seconds = (clock.now - start) / .seconds(1)
      spent += seconds
      switch outcome {
      case .wentBack(let step, let finding):
        progress.clear()
        Console.log("\(finding.sentence) Back to step \(step), without the batches since then.")
        try metrics.cut(to: step, because: finding.sentence)
        savedStep = nil
        try save()
        return nil
      case .took(let report, let findings):
        for finding in findings {
          progress.clear()
          Console.log(finding.sentence)
        }
        var line = Measurement(
          step: report.step, tokens: report.tokens, loss: report.loss,
          gradientNorm: report.gradientNorm, learningRate: report.learningRate,
          tokensPerSecond: Double(report.tokens - before) / seconds, seconds: spent)
        line.note(report, length: trainer.plan.length, depths: trainer.model.modules.count)
        line.findings = findings.isEmpty ? nil : findings.map(\.sentence)
        return line
      }
    } catch {
      progress.finish()
      if let savedStep {
        Console.log("The model of step \(savedStep) is still in \(folder.relativePath).")
      }
      throw error
    }
  }

  /// Saves after an interrupt, and says how to go on.
  private mutating func stop() throws -> Never {
    try save()
    let path = folder.relativePath
    throw Interrupted(
      "Interrupted after step \(trainer.step) of \(trainer.plan.steps); saved in \(path).\n"
        + "Go on with: deepseek train --resume \(path)")
  }

  /// Writes the model and what resuming needs, as one set.
  private mutating func save() throws {
    guard savedStep != trainer.step else { return }
    let generation = GenerationConfiguration(
      samples: true, temperature: 0.8, topP: 0.95, beginToken: configuration.beginToken,
      endTokens: configuration.endTokens)
    let saved = SavedModel(
      configuration: configuration, model: trainer.model, tokenizer: tokenizer,
      generation: generation)
    try ModelDirectory(opening: folder).save { staging in
      try saved.write(into: staging)
      try trainer.writeState(into: staging)
      try notes.write(into: staging)
      try WatchState(monitor: guarded.monitor, record: guarded.record).write(into: staging)
    }
    savedStep = trainer.step
    guarded.keep()
  }
}
