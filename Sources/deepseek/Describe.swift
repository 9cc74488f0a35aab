import Attention
import Checkpoints
import CommandLine
import Foundation
import MTP

/// `deepseek describe`: what a configuration costs, without any weights.
struct Describe: Command {
  static let name = "describe"
  static let overview = "Count the parameters of a model, its arithmetic and its cache."

  var model = ""
  var json = false

  static var inputs: [Input<Self>] {
    [
      .argument(
        "model", \.model,
        "A named configuration, a model directory, or a config.json."),
      .flag("json", \.json, "Print the numbers as JSON."),
    ]
  }

  func run() throws {
    let configuration = try configuration()
    let cost = ModelCost(configuration)
    if json { return Console.print(cost.json.text()) }
    Console.print(cost.table(of: configuration))
  }

  private func configuration() throws -> DecoderConfiguration {
    if let named = NamedConfiguration.named(model) { return named.model }
    var file = URL(fileURLWithPath: model)
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder) else {
      let names = NamedConfiguration.all.map(\.name).joined(separator: ", ")
      throw Failure(
        "There is no model '\(model)': it is neither a file nor a directory nor one of \(names)."
      )
    }
    if isFolder.boolValue { file = file.appending(path: "config.json") }
    return try .read(from: file)
  }
}

/// The numbers that follow from a configuration.
private struct ModelCost {
  let parameters, cacheBytes, flops: Int

  init(_ configuration: DecoderConfiguration) {
    parameters = configuration.parameterCount ?? 0
    cacheBytes = configuration.cacheBytesPerToken()
    flops = configuration.trainingFLOPsPerToken(context: configuration.maximumPositions)
  }

  var json: JSONValue {
    [
      "parameters": [
        "total": .integer(parameters), "activated": .integer(parameters), "mtp": 0,
      ],
      "kv_cache_bytes_per_token": .integer(cacheBytes),
      "flops_per_token": .integer(flops),
      "memory_bytes": [
        "weights_bf16": .integer(2 * parameters), "training_fp32": .integer(16 * parameters),
      ],
    ]
  }

  func table(of model: DecoderConfiguration) -> String {
    let head = model.tiesEmbeddings ? "shared with the embedding" : "a matrix of its own"
    let rows: [(String, String)] = [
      ("Architecture", model.family.architecture),
      ("Layers", "\(model.layers)"),
      ("Width", "\(model.width), feed-forward \(model.feedForwardWidth)"),
      (
        "Heads",
        "\(model.heads) for queries, \(model.keyValueHeads) for keys and values, "
          + "\(model.headWidth) wide"
      ),
      ("Vocabulary", "\(model.vocabularySize), head \(head)"),
      ("Context", "\(model.maximumPositions)"),
      ("Parameters", "\(parameters), all of them active"),
      ("KV cache", "\(cacheBytes) bytes for each token, in BF16"),
      ("Training", "\(flops) FLOP for each token at the full context"),
      ("Memory", "\(2 * parameters) bytes of weights in BF16"),
      ("", "\(16 * parameters) bytes to train: weights, gradient, two moments in FP32"),
    ]
    let lines = rows.map { name, value in
      name + String(repeating: " ", count: 14 - name.count) + value
    }
    return lines.joined(separator: "\n")
  }
}
