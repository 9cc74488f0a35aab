import Attention
import Checkpoints
import CommandLine
import FP8
import Figures
import Foundation
import MTP
import Tensors
import Text

/// A training in progress: the trainer, and everything that is written down on the way.
struct TrainingRun {
  let folder: URL
  let configuration: DecoderConfiguration
  let tokenizer: Tokenizer
  let text: TrainingText
  let notes: RunNotes
  var trainer: Trainer<DeepSeekModel>
  var metrics: Metrics
  private var savedStep: Int?

  /// Begins a run.
  init(_ options: Train) throws {
    let wanted = try options.out.map(RunFolder.checked)
    let corpus = try Corpus.named(options.data)
    var setup = try TrainingSetup(options, text: corpus.training)
    text = try TrainingText(
      corpus, tokenizer: setup.tokenizer, length: setup.plan.length,
      sequences: setup.plan.sequences)
    if let minutes = options.minutes { try setup.fit(minutes: minutes, text: text) }
    (configuration, tokenizer) = (setup.model, setup.tokenizer)
    folder = wanted ?? RunFolder.next(for: setup.name)
    trainer = try Trainer(
      DeepSeekModel(configuration, seed: setup.plan.seed), plan: setup.plan,
      tokens: text.training, in: setup.precision)
    let often = max(1, (setup.plan.steps + 9) / 10)
    notes = RunNotes(
      data: options.data.map(\.path), evaluateEvery: options.evaluateEvery ?? often,
      saveEvery: options.saveEvery ?? options.evaluateEvery ?? often)
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
    text = try TrainingText(
      .named(files), tokenizer: saved.tokenizer, length: plan.length, sequences: plan.sequences)
    trainer = try Trainer(
      continuing: saved.model, from: source, tokens: text.training, steps: options.steps)
    (configuration, tokenizer) = (saved.configuration, saved.tokenizer)
    notes = RunNotes(
      data: files.map(\.path), evaluateEvery: options.evaluateEvery ?? old.evaluateEvery,
      saveEvery: options.saveEvery ?? options.evaluateEvery ?? old.saveEvery)
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
      var line = try measuredStep(progress)
      spent += line.seconds
      line.seconds = spent
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

  private mutating func measuredStep(_ progress: ProgressLine) throws -> Measurement {
    let clock = ContinuousClock()
    let start = clock.now
    do {
      let report = try trainer.takeStep()
      let seconds = (clock.now - start) / .seconds(1)
      var line = Measurement(
        step: report.step, tokens: report.tokens, loss: report.loss,
        gradientNorm: report.gradientNorm, learningRate: report.learningRate,
        tokensPerSecond: Double(trainer.plan.tokensPerStep) / seconds, seconds: seconds)
      line.note(report, length: trainer.plan.length, depths: trainer.model.modules.count)
      return line
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
    }
    savedStep = trainer.step
  }
}
