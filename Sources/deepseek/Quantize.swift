import Attention
import Checkpoints
import CommandLine
import Foundation
import MTP
import Serving

/// `deepseek quantize`: saves a model with its weights in fewer bits.
struct Quantize: Command {
  static let name = "quantize"
  static let overview = "Save a model with its weights in fewer bits."

  var model = URL(fileURLWithPath: ".")
  var format = FormatChoice.int8
  var group = 32
  var asymmetric = false
  var out: URL?
  var json = false

  static var inputs: [Input<Self>] {
    [
      .option(
        "model", \.model, placeholder: "dir", isRequired: true, "The model directory."),
      .option("format", \.format, "The form of the matrices."),
      .option(
        "group", \.group, placeholder: "n",
        rule: Rule("must be even and between 2 and 4096") {
          (2...4096).contains($0) && $0 % 2 == 0
        },
        "How many neighbouring integers share a scale."),
      .flag(
        "asymmetric", \.asymmetric, "Give each group of integers a zero point of its own."),
      .option(
        "out", \.out, placeholder: "dir",
        "The directory to write. (default: the model's name and the format)"),
      .flag("json", \.json, "Print the result as JSON."),
    ]
  }

  func run() throws {
    let saved = try SavedModel<DeepSeekModel>.open(model)
    let target = out ?? Self.neighbour(of: model, format.rawValue)
    try saved.save(as: format.weights(group: group, isSymmetric: !asymmetric), to: target)
    let (before, after) = (try Self.bytes(in: model), try Self.bytes(in: target))
    if json {
      let members: JSONValue = [
        "model": .string(target.relativePath), "bytes_before": .integer(before),
        "bytes_after": .integer(after),
      ]
      return Console.print(members.text(isIndented: false))
    }
    let share = String(format: "%.1f", Double(before) / Double(max(1, after)))
    Console.print(
      "Wrote \(target.relativePath): \(after) bytes of weights instead of \(before), "
        + "\(share) times less.")
  }

  private static func neighbour(of model: URL, _ suffix: String) -> URL {
    let name = model.standardizedFileURL.lastPathComponent
    return model.standardizedFileURL.deletingLastPathComponent()
      .appending(path: "\(name)-\(suffix)")
  }

  /// The bytes of the stored tensors.
  private static func bytes(in folder: URL) throws -> Int {
    try ServedFolder(opening: folder).stored.entries.reduce(0) { $0 + $1.byteCount }
  }
}

/// A format of weights, by its word on the command line.
enum FormatChoice: String, CaseIterable, ArgumentValue {
  case int8, int4, fp8, bf16, fp32

  func weights(group: Int = 32, isSymmetric: Bool = true) -> WeightFormat {
    switch self {
    case .int8: .integer(IntegerFormat(bits: 8, group: group, isSymmetric: isSymmetric))
    case .int4: .integer(IntegerFormat(bits: 4, group: group, isSymmetric: isSymmetric))
    case .fp8: .fp8
    case .bf16: .bf16
    case .fp32: .fp32
    }
  }
}
