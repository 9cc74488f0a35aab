import Attention
import Checkpoints
import CommandLine
import Foundation
import MTP
import Tensors
import Text

/// `deepseek inspect`: what a model makes of some tokens, to compare with other programs.
struct Inspect: Command {
  static let name = "inspect"
  static let overview =
    "Show the loss of some tokens, their logits, and the norm of each gradient."

  var model = URL(fileURLWithPath: ".")
  var tokens: [Int] = []
  var logits = false
  var gradients = false
  var json = false

  static var inputs: [Input<Self>] {
    [
      .option(
        "model", \.model, placeholder: "dir", isRequired: true, "The model directory."),
      .option(
        "tokens", \.tokens, placeholder: "ids", isRequired: true, "The tokens, as in 1,2,3."),
      .flag("logits", \.logits, "Show the logits of every position."),
      .flag("gradients", \.gradients, "Show the length of every weight's gradient."),
      .flag("json", \.json, "Print JSON; with neither of the flags above, everything."),
    ]
  }

  func run() throws {
    let saved = try SavedModel<DeepSeekModel>.open(model, forTokensOnly: true)
    try saved.check(tokens, atLeast: 2)
    let everything = json && !logits && !gradients
    var members = JSONObject()
    let tape = Tape(recording: gradients || everything)
    let batch = Batch(
      inputs: Array(tokens.dropLast()), targets: Array(tokens.dropFirst()), sequences: 1,
      length: tokens.count - 1)
    let loss = saved.model.language.loss(of: batch, on: tape)
    members["loss"] = .single(loss.value.scalar)
    if logits || everything {
      members["logits"] = .array(
        rows(saved.model.language).map { .array($0.map(JSONValue.single)) })
    }
    if gradients || everything {
      let found = tape.gradients(of: loss)
      let norms = saved.model.language.namedParameters.map { name, parameter in
        (name, JSONValue.number(found[parameter]?.sumOfSquares.squareRoot() ?? 0))
      }
      members["gradients"] = .object(JSONObject(norms))
    }
    if !saved.model.modules.isEmpty {
      let losses = saved.model.predictionLosses(of: batch)
      members["mtp_losses"] = .array(losses.map(JSONValue.number))
    }
    Console.stream(
      json
        ? JSONValue.object(members).text(isIndented: false) + "\n" : Inspect.text(members))
  }

  private func rows(_ model: LanguageModel) -> [[Float]] {
    let pass = Pass(Sequences(count: 1, length: tokens.count), on: Tape(recording: false))
    let logits = model.logits(tokens, in: pass).value
    return (0..<logits.rows).map { logits.rows($0..<$0 + 1).scalars }
  }

  /// The same for people: a line for the loss, for each position, and for each weight.
  private static func text(_ object: JSONObject) -> String {
    func line(_ value: JSONValue) -> String { value.text(isIndented: false) }
    return object.members.map { name, value in
      switch value {
      case .object(let weights):
        "gradients:\n" + weights.members.map { "  \($0.key)  \(line($0.value))\n" }.joined()
      case .array(let rows) where name == "logits":
        "logits:\n" + rows.enumerated().map { "  \($0)  \(line($1))\n" }.joined()
      default: "\(name): \(line(value))\n"
      }
    }.joined()
  }
}
