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

extension TrainingRun {
  /// Says what is about to happen.
  func announce() {
    let plan = trainer.plan
    let source = notes.data.isEmpty ? "the built-in corpus" : notes.data.joined(separator: ", ")
    let weights = trainer.model.parameterCount
    let precision = plan.precision.map { " in \($0)" } ?? ""
    Console.log(
      """
      Training \(weights) weights on \(source): \(text.trainingTokens) tokens \
      of \(tokenizer.vocabularySize) kinds.
      Steps \(trainer.step + 1) to \(plan.steps) of \(plan.sequences) × \(plan.length) tokens \
      with \(plan.rule.rawValue)\(precision), seed \(plan.seed), into \(folder.relativePath).
      """)
    if let floor = text.floor {
      Console.log(
        "The entropy of the text, which no model can beat: \(decimal(floor)) nats/byte.")
    }
  }

  /// Shows the validation loss and what the model writes by now, and redraws the curve.
  func report(_ line: Measurement, _ progress: ProgressLine) throws {
    guard let loss = line.validationLoss else { return }
    progress.clear()
    let perByte = text.natsPerByte(loss)
    Console.log(
      "step \(line.step): validation loss \(decimal(loss)) nats/token, "
        + "\(decimal(perByte)) nats/byte" + Self.remarks(line))
    for prompt in text.prompts { Console.log("  │ " + sample(prompt)) }
    try lossCurve().write(to: folder.appending(path: "loss.svg"))
  }

  /// What there is to say of experts and prediction modules.
  private static func remarks(_ line: Measurement) -> String {
    let balance = line.maxVio.map { ", MaxVio \(decimal($0))" } ?? ""
    let share = line.acceptance.map { Int((100 * $0).rounded()) }
    return balance + (share.map { ", second token accepted \($0) %" } ?? "")
  }

  /// A line that the model writes after a beginning; line ends are shown as ⏎.
  private func sample(_ prompt: String) -> String {
    let tokens = tokenizer.encode(prompt)
    let lineEnd = UInt8(ascii: "\n")
    let sampling =
      prompt.hasPrefix("Q:") ? Sampling.greedy : Sampling(temperature: 0.8, topP: 0.95)
    let added = trainer.model.language.generate(
      [tokens], count: min(64, configuration.maximumPositions - tokens.count),
      sampling: sampling, seed: trainer.plan.seed
    ) { _, token in
      text.floor == nil || !tokenizer.decodeBytes([token]).contains(lineEnd)
    }
    return tokenizer.decode(tokens + added[0]).trimmingCharacters(in: .newlines)
      .replacingOccurrences(of: "\n", with: "⏎")
  }

  /// The loss over the tokens seen, in nats per byte, above the floor that is known.
  private func lossCurve() -> LineChart {
    var smoothed = MovingAverage(keep: 0.95)
    var training: [(x: Double, y: Double)] = []
    var validation: [(x: Double, y: Double)] = []
    let stride = max(1, metrics.lines.count / 600)
    for (index, line) in metrics.lines.enumerated() {
      smoothed.add(line.loss)
      if index % stride == 0 || index == metrics.lines.count - 1, let mean = smoothed.value {
        training.append((Double(line.tokens), text.natsPerByte(mean)))
      }
      if let loss = line.validationLoss {
        validation.append((Double(line.tokens), text.natsPerByte(loss)))
      }
    }
    let last = validation.last.map { decimal($0.y) } ?? "unknown"
    let floor = text.floor.map { " The entropy of the text is \(decimal($0))." } ?? ""
    return LineChart(
      title: "Loss in the course of training",
      description:
        "The loss falls with the tokens seen; at the end it is \(last) nats per byte "
        + "on text that did not train." + floor,
      xLabel: "tokens", yLabel: "loss in nats per byte",
      series: [
        .init("training, smoothed", training, ink: .neutral),
        .init("validation", validation, ink: .ours, hasMarkers: true),
      ],
      references: text.floor.map { [.init("entropy of the text", y: $0)] } ?? [],
      yIncludes: text.floor == nil ? [] : [0])
  }

  /// Writes what the model is and how it came about: `README.md` and `results.json`.
  func writeCard() throws {
    let looks = metrics.lines.compactMap { line in
      line.validationLoss.map {
        ModelCard.Look(
          step: line.step, tokens: line.tokens, natsPerByte: text.natsPerByte($0),
          acceptance: line.acceptance)
      }
    }
    let card = ModelCard(
      name: folder.lastPathComponent, configuration: configuration, plan: trainer.plan,
      recipe: notes.recipe,
      sources: notes.data.map { URL(fileURLWithPath: $0).lastPathComponent },
      tally: text.documents?.tally, looks: looks, seconds: metrics.lines.last?.seconds ?? 0,
      floor: text.floor, heldOutSurprise: text.documents?.heldOutSurprise,
      findings: guarded.record.findings, returns: guarded.record.returns,
      gaps: text.documents?.floor == nil
        ? []
        : EntropyGap.measure(
          trainer.model, tokenizer, length: trainer.plan.length, seed: trainer.plan.seed),
      mentions: text.documents?.floor == nil
        ? []
        : LaterMentions.measure(trainer.model.language, tokenizer, seed: trainer.plan.seed))
    try AtomicFile.write(card.markdown, to: folder.appending(path: "README.md"))
    try AtomicFile.write(card.json, to: folder.appending(path: "results.json"))
  }

  /// What is told at the end.
  func summary() throws -> TrainingSummary {
    guard let last = metrics.lines.last, let loss = last.validationLoss else {
      throw Failure("The run took no step.")
    }
    return TrainingSummary(
      model: folder.relativePath, precision: trainer.plan.precision ?? Precision.fp32.rawValue,
      steps: last.step, tokens: last.tokens, seconds: last.seconds,
      trainingLoss: trainer.smoothedLoss.value ?? last.loss, validationLoss: loss,
      natsPerByte: text.natsPerByte(loss), floor: text.floor,
      prompt: notes.data.isEmpty ? TrainingText.openings[0] : text.prompts[0])
  }
}

/// The end of a training, for people and for programs.
struct TrainingSummary {
  let model, precision: String
  let steps, tokens: Int
  let seconds, trainingLoss, validationLoss, natsPerByte: Double
  let floor: Double?
  let prompt: String

  var text: String {
    let bound = floor.map { ", where the entropy of the text is \(decimal($0))" } ?? ""
    return """
      Trained \(steps) steps, \(tokens) tokens, in \(Int(seconds.rounded())) seconds.
      Training loss   \(decimal(trainingLoss)) nats/token (smoothed)
      Validation loss \(decimal(validationLoss)) nats/token = \(decimal(natsPerByte)) nats/byte\(bound)

      The model is in \(model), its loss curve in \(model)/loss.svg. Try next:
        swift run -c release deepseek generate --model \(model) --prompt "\(shown)"
        swift run -c release deepseek evaluate --model \(model)
        swift run -c release deepseek chat --model \(model)
      """
  }

  /// The prompt as a shell takes it between double quotes.
  private var shown: String {
    let line = prompt.split(separator: "\n").first.map(String.init) ?? prompt
    return line.filter { !"\"\\$`!".contains($0) }
  }

  var json: JSONValue {
    [
      "model": .string(model), "precision": .string(precision), "steps": .integer(steps),
      "tokens": .integer(tokens),
      "seconds": .number(seconds), "loss": .number(trainingLoss),
      "validation_loss": .number(validationLoss), "nats_per_byte": .number(natsPerByte),
      "floor_nats_per_byte": floor.map(JSONValue.number) ?? .null,
    ]
  }
}

/// Three decimals, for people.
func decimal(_ value: Double) -> String { String(format: "%.3f", value) }
