import Checkpoints
import CommandLine
import Foundation

/// One line of `metrics.jsonl`: what one step did.
struct Measurement: Codable {
  var step: Int
  var tokens: Int
  /// Nats per token, before the step.
  var loss: Double
  var gradientNorm: Double
  var learningRate: Double
  var tokensPerSecond: Double
  /// Spent in steps since the start; looking at the validation text and saving are left out.
  var seconds: Double
  /// Nats per token, after the step.
  var validationLoss: Double?

  var line: String {
    var members = JSONObject([
      ("step", .integer(step)), ("tokens", .integer(tokens)), ("loss", .number(loss)),
      ("gradient_norm", .number(gradientNorm)), ("learning_rate", .number(learningRate)),
      ("tokens_per_second", .number(tokensPerSecond)), ("seconds", .number(seconds)),
    ])
    if let validationLoss { members["validation_loss"] = .number(validationLoss) }
    return JSONValue.object(members).text(isIndented: false) + "\n"
  }
}

/// The file `metrics.jsonl`, and its lines in memory for the curve.
struct Metrics {
  private(set) var lines: [Measurement]
  private let file: FileHandle

  /// Starts the file, with the first lines of an earlier one that the run continues.
  ///
  /// What was measured after the last save is cut: those steps will be taken again.
  init(in folder: URL, continuing old: URL? = nil, upTo step: Int = 0) throws {
    lines = try old.map { try Metrics.read($0).filter { $0.step <= step } } ?? []
    let url = folder.appending(path: Metrics.name)
    try Data(lines.map(\.line).joined().utf8).write(to: url, options: .atomic)
    file = try FileHandle(forWritingTo: url)
    try file.seekToEnd()
  }

  mutating func append(_ line: Measurement) throws {
    lines.append(line)
    try file.write(contentsOf: Data(line.line.utf8))
  }

  private static let name = "metrics.jsonl"

  /// Reads the whole lines; a kill may have torn the last one.
  private static func read(_ folder: URL) throws -> [Measurement] {
    let url = folder.appending(path: name)
    guard FileManager.default.fileExists(atPath: url.path) else { return [] }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try Data(contentsOf: url).split(separator: UInt8(ascii: "\n"))
      .compactMap { try? decoder.decode(Measurement.self, from: $0) }
  }
}
