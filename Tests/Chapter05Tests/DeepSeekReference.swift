import Attention
import Checkpoints
import Foundation
import MTP
import Tensors
import TestSupport
import Text

/// What `transformers` computes with one of the models that `make_deepseek.py` and `make_models.py`
/// wrote.
struct DeepSeekReference: Decodable {
  struct Continuation: Decodable {
    let prompt, continuation: [Int]
  }

  enum CodingKeys: String, CodingKey {
    case tokens, logits, loss, gradients, continuations
    case predictionLosses = "mtp_losses"
    case predictionGradients = "mtp_gradients"
    case predictionLogits = "mtp_logits"
  }

  /// What the prediction modules add.
  struct Predictions {
    let losses: [Double]
    let gradients: [String: Double]
    let logits: [[[Double]]]
  }

  let tokens: [Int]
  let logits: [[Double]]
  let loss: Double
  let gradients: [String: Double]
  let continuations: [Continuation]
  private let predictionLosses: [Double]?
  private let predictionGradients: [String: Double]?
  private let predictionLogits: [[[Double]]]?

  /// Every model, by its folder in `Tests/Reference`.
  static let names =
    predicting
    + [
      "deepseek/v3", "deepseek/v3-plain", "deepseek/v3-yarn", "deepseek/v3-yarn-new",
      "deepseek/v3-half", "deepseek/v3-bf16", "deepseek/v2", "deepseek/v2-greedy",
      "models/llama-llama3", "models/qwen2-yarn",
    ]
  /// Those with prediction modules.
  static let predicting = ["deepseek/v3-mtp", "deepseek/v3-fp8"]

  var predictions: Predictions {
    Predictions(
      losses: predictionLosses ?? [], gradients: predictionGradients ?? [:],
      logits: predictionLogits ?? [])
  }

  /// The text with the next token of each position as its target.
  var batch: Batch { Batch.of(tokens, sequences: 1) }

  /// The text to its last token, which has no target.
  var wholeText: Batch {
    Batch(
      inputs: tokens, targets: tokens.dropFirst() + [Batch.ignored], sequences: 1,
      length: tokens.count)
  }

  static func folder(_ name: String) -> URL { Repository.references.appending(path: name) }

  /// Opens a model as it was stored, and what is expected of it.
  static func open(
    _ name: String
  ) throws -> (saved: SavedModel<DeepSeekModel>, expected: DeepSeekReference) {
    let numbers = try Data(contentsOf: folder(name).appending(path: "expected.json"))
    return (
      try SavedModel(opening: folder(name), tokenizer: .bytes()),
      try JSONDecoder().decode(DeepSeekReference.self, from: numbers)
    )
  }
}
