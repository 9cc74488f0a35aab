import Attention
import Checkpoints
import CommandLine
import Figures
import Foundation
import MTP
import SmallV3
import Tensors
import Text

/// What a run must remember beside the model: `fine-tune.json`.
struct FineTuningNotes: Codable {
  static let usualCount = 3000
  private static let name = "fine-tune.json"

  /// The files of conversations, or nothing for the built-in ones.
  var data: [String]
  var conversations: Int
  var sequences: Int
  var seed: UInt64
  /// Nats per token of the kept answers, before the first step.
  var lossBefore: Double?
  /// What the base answers to the built-in questions that were kept.
  var marksBefore: [String: ChatMarks.Row]?

  func write(into folder: URL) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try AtomicFile.write(try encoder.encode(self), to: folder.appending(path: Self.name))
  }

  static func read(from folder: URL) throws -> FineTuningNotes {
    let file = folder.appending(path: name)
    guard
      let notes = try? JSONDecoder().decode(FineTuningNotes.self, from: Data(contentsOf: file)),
      notes.conversations > 0, notes.sequences > 0
    else { throw Failure("\(folder.relativePath) holds no fine-tuning that could be resumed.") }
    return notes
  }

  /// The conversations that teach, and those that are kept to look at.
  func material() throws -> (taught: [Conversation], kept: [Conversation]) {
    guard !data.isEmpty else {
      let taught = DialogueSource.drawn(conversations, seed: seed)
      let kept = DialogueSource.drawn(min(100, conversations), heldOut: true, seed: seed)
      return (taught.map(\.conversation), kept.map(\.conversation))
    }
    let all = try data.flatMap { try Conversation.read(from: URL(fileURLWithPath: $0)) }
    let count = max(1, all.count - all.count / 10)
    return (Array(all[..<count]), Array(all[count...]))
  }
}

/// A fine-tuning in progress.
struct FineTuningRun {
  let folder: URL
  let saved: SavedModel<DeepSeekModel>
  let coder: ChatCoder
  let source: ConversationSource
  let kept: [Batch]
  var notes: FineTuningNotes
  var trainer: Trainer<DeepSeekModel>

  /// Begins a run on a copy of the base that knows the special tokens.
  init(_ options: FineTune) throws {
    let place = options.model ?? URL(fileURLWithPath: ".")
    let base = try SavedModel<DeepSeekModel>.open(place)
    let template =
      options.template ?? base.tokenizer.settings.chatTemplate.flatMap {
        ChatTemplate(jinja: $0)
      }
      ?? .deepSeekV3
    let seed = options.seed ?? 0
    saved = base.ready(for: template, seed: seed)
    coder = try ChatCoder(template, saved.tokenizer)
    var settings = FineTuning()
    settings.epochs = options.epochs ?? settings.epochs
    settings.sequences = options.batch ?? settings.sequences
    settings.rateShare = options.rateShare.map { Float($0) } ?? settings.rateShare
    settings.seed = seed
    notes = FineTuningNotes(
      data: options.data.map(\.path),
      conversations: options.conversations ?? FineTuningNotes.usualCount,
      sequences: settings.sequences, seed: seed)
    (source, kept) = try Self.batches(notes, coder, saved.configuration)
    let plan = settings.plan(after: Self.plan(of: place), for: source)
    trainer = Trainer(saved.model, plan: plan, batches: source)
    folder =
      try options.out.map(RunFolder.checked)
      ?? RunFolder.next(for: place.lastPathComponent + "-chat")
    if !kept.isEmpty { notes.lossBefore = saved.model.evaluate(kept) }
    notes.marksBefore = marks()?.rows
    _ = try ModelDirectory(creating: folder)
    try save()
  }

  /// Continues a run.
  init(resuming folder: URL) throws {
    saved = try SavedModel<DeepSeekModel>.open(folder)
    notes = try FineTuningNotes.read(from: folder)
    guard let coder = ChatCoder(saved.tokenizer) else {
      throw Failure(
        "\(folder.relativePath) has no chat template, so it cannot be fine-tuned on.")
    }
    self.coder = coder
    self.folder = folder
    (source, kept) = try Self.batches(notes, coder, saved.configuration)
    trainer = try Trainer(resuming: saved.model, from: folder, batches: source)
    guard !trainer.isFinished else {
      throw Failure(
        "The fine-tuning in \(folder.relativePath) has taken all of its \(trainer.step) steps.")
    }
  }

  private static func batches(
    _ notes: FineTuningNotes, _ coder: ChatCoder, _ configuration: DecoderConfiguration
  ) throws -> (ConversationSource, [Batch]) {
    let (taught, kept) = try notes.material()
    let room = configuration.maximumPositions
    func fitting(_ conversations: [Conversation]) -> [ChatExample] {
      conversations.map(coder.example).filter {
        $0.targetCount > 0 && $0.tokens.count - 1 <= room
      }
    }
    let examples = fitting(taught)
    guard !examples.isEmpty else {
      throw Failure(
        "None of \(taught.count) conversations fits into the model's context of \(room) tokens."
      )
    }
    if examples.count < taught.count {
      Console.log(
        "\(taught.count - examples.count) of \(taught.count) conversations are longer than the "
          + "context of \(room) tokens and are left out.")
    }
    let source = ConversationSource(
      examples, sequences: notes.sequences, length: room, padding: coder.padding,
      seed: notes.seed)
    let rest = fitting(kept)
    let parts = stride(from: 0, to: rest.count, by: 16).map {
      source.batch(Array(rest[$0..<min($0 + 16, rest.count)]))
    }
    return (source, parts)
  }

  /// The plan that trained the base, or that of the small V3 where there is none.
  private static func plan(of folder: URL) -> TrainingPlan {
    (try? Trainer<DeepSeekModel>.plan(in: folder)) ?? NamedConfiguration.stories.plan
  }

  /// Takes the steps that are left.
  mutating func train() throws {
    let plan = trainer.plan
    Console.log(
      """
      Teaching \(trainer.model.parameterCount) weights from \(source.examples.count) \
      conversations in the form \(coder.template.rawValue).
      Steps \(trainer.step + 1) to \(plan.steps) of \(plan.sequences) rows, \
      seed \(plan.seed), into \(folder.relativePath).
      """)
    let progress = ProgressLine(
      from: trainer.step, of: plan.steps, unit: "rows")
    let before = trainer.step
    while !trainer.isFinished {
      if Interrupt.isRequested {
        progress.finish()
        try stop()
      }
      let report = try trainer.takeStep()
      progress.update(
        step: report.step, values: ["loss": trainer.smoothedLoss.value ?? report.loss],
        done: Double((report.step - before) * plan.sequences))
      if report.step % 100 == 0 || trainer.isFinished { try save() }
    }
    progress.finish()
  }

  private func stop() throws -> Never {
    try save()
    let path = folder.relativePath
    throw Interrupted(
      "Interrupted after step \(trainer.step) of \(trainer.plan.steps); saved in \(path).\n"
        + "Go on with: deepseek fine-tune --resume \(path)")
  }

  private func save() throws {
    try ModelDirectory(opening: folder).save { staging in
      try SavedModel(
        configuration: saved.configuration, model: trainer.model, tokenizer: saved.tokenizer,
        generation: saved.generation
      ).write(into: staging)
      try trainer.writeState(into: staging)
      try notes.write(into: staging)
    }
  }

  /// What is told at the end.
  func summary() throws -> FineTuningSummary {
    FineTuningSummary(
      model: folder.relativePath, template: coder.template, steps: trainer.step,
      conversations: source.examples.count, lossBefore: notes.lossBefore,
      lossAfter: kept.isEmpty ? nil : trainer.model.evaluate(kept),
      marksBefore: notes.marksBefore, marks: marks()?.rows)
  }

  /// How the built-in questions that were kept are answered.
  private func marks() -> ChatMarks? {
    guard notes.data.isEmpty else { return nil }
    let kept = DialogueSource.drawn(
      min(100, notes.conversations), heldOut: true, seed: notes.seed)
    return ChatMarks(of: trainer.model.language, on: kept, coder, room: source.length + 1)
  }
}
