import Attention
import Checkpoints
import CommandLine
import Foundation
import MTP
import SmallV3
import Text

/// `deepseek evaluate`: how well a model predicts text that did not train it.
struct Evaluate: Command {
  static let name = "evaluate"
  static let overview = "Measure how well a model predicts text that did not train it."

  var model = URL(fileURLWithPath: ".")
  var data: [URL] = []
  var json = false

  static var inputs: [Input<Self>] {
    [
      .option(
        "model", \.model, placeholder: "dir", isRequired: true, "The model directory."),
      .repeated(
        "data", \.data, placeholder: "file",
        "A text in UTF-8, of which the last 10 % are measured, as in training. (default: the text that trained the model)"
      ),
      .flag("json", \.json, "Print the result as JSON."),
    ]
  }

  func run() throws {
    let saved = try SavedModel<DeepSeekModel>.open(model)
    let trained = try RunNotes.read(from: model)
    let files = data.isEmpty ? (trained?.data ?? []).map { URL(fileURLWithPath: $0) } : data
    let length =
      try trained.map { _ in try Trainer<DeepSeekModel>.plan(in: model).length }
      ?? min(1024, saved.configuration.maximumPositions)
    let text = try text(files, saved, trained?.recipe, length: length)
    guard saved.tokenizer.vocabularySize <= saved.configuration.vocabularySize else {
      throw Failure(
        "\(model.relativePath): the tokenizer has \(saved.tokenizer.vocabularySize) tokens, "
          + "the model \(saved.configuration.vocabularySize).")
    }
    let loss = text.loss(of: saved.model)
    let tokens = text.validation.reduce(0) { $0 + $1.targetCount }
    let members: JSONValue = [
      "loss": .number(loss), "nats_per_byte": .number(text.natsPerByte(loss)),
      "perplexity": .number(exp(loss)), "tokens": .integer(tokens),
      "floor_nats_per_byte": text.floor.map(JSONValue.number) ?? .null,
    ]
    if json { return Console.print(members.text(isIndented: false)) }
    let source =
      files.isEmpty
      ? "the built-in corpus"
      : files.map(\.relativePath).joined(separator: ", ") + " (the last 10 %)"
    let form = text.documents == nil ? "windows" : "rows of documents"
    Console.print("Text        \(source), \(tokens) tokens in \(form) of \(length)")
    Console.print(
      "Loss        \(decimal(loss)) nats/token, \(decimal(text.natsPerByte(loss))) nats/byte")
    Console.print("Perplexity  \(decimal(exp(loss)))")
    if let floor = text.floor {
      Console.print("Floor       \(decimal(floor)) nats/byte, the entropy of the text")
    }
  }

  /// What the model is examined on, in the form in which it was trained.
  private func text(
    _ files: [URL], _ saved: SavedModel<DeepSeekModel>, _ recipe: PretrainingRecipe?,
    length: Int
  ) throws -> TrainingText {
    guard var recipe, saved.tokenizer.beginID != nil else {
      return try TrainingText(
        .named(files), tokenizer: saved.tokenizer, length: length, sequences: 8, limit: .max)
    }
    // Nothing is trained, so few documents will do.
    recipe.bytes = 1
    return try TrainingText(
      .named(files, recipe), recipe, tokenizer: saved.tokenizer,
      plan: Trainer<DeepSeekModel>.plan(in: model))
  }
}
