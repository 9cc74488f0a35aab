import Attention
import Checkpoints
import CommandLine
import Foundation
import MoE

/// One line of `metrics.jsonl`: what one step did.
struct Measurement: Codable {
  var step: Int
  var tokens: Int
  /// Nats per token, before the step.
  var loss: Double
  var gradientNorm: Double
  var learningRate: Double
  var tokensPerSecond: Double
  /// What balance and the prediction modules add to the loss.
  var auxiliaryLoss: Double?
  /// The mean loss of each prediction module, where it has a target.
  var mtpLosses: [Double]?
  /// By how much the busiest expert of a layer exceeded an even share, on average over the layers.
  var maxVio: Double?
  /// Spent in steps since the start; looking at the validation text and saving are left out.
  var seconds: Double
  /// Nats per token, after the step.
  var validationLoss: Double?
  /// The share of second tokens of the validation text on which module and model agree.
  var acceptance: Double?
  /// What the monitor found, in sentences; after a return, why it was.
  var findings: [String]?

  var line: String {
    var members = JSONObject([
      ("step", .integer(step)), ("tokens", .integer(tokens)), ("loss", .number(loss)),
      ("gradient_norm", .number(gradientNorm)), ("learning_rate", .number(learningRate)),
      ("tokens_per_second", .number(tokensPerSecond)), ("seconds", .number(seconds)),
    ])
    if let auxiliaryLoss { members["auxiliary_loss"] = .number(auxiliaryLoss) }
    if let mtpLosses { members["mtp_losses"] = .array(mtpLosses.map(JSONValue.number)) }
    if let maxVio { members["max_vio"] = .number(maxVio) }
    if let validationLoss { members["validation_loss"] = .number(validationLoss) }
    if let acceptance { members["acceptance"] = .number(acceptance) }
    if let findings { members["findings"] = .array(findings.map(JSONValue.string)) }
    return JSONValue.object(members).text(isIndented: false) + "\n"
  }
}

extension Measurement {
  /// Takes down what experts and prediction modules left of a step.
  mutating func note(_ report: StepReport, length: Int, depths: Int) {
    maxVio = report.observations.maximalViolation
    if depths > 0 || maxVio != nil { auxiliaryLoss = report.auxiliaryLoss }
    guard depths > 0 else { return }
    // In training the sum is divided by all targets; depth k has one for `length − k` of `length`.
    mtpLosses = (1...depths).compactMap { depth in
      report.observations["mtp_loss_\(depth)"].map {
        $0 * Double(length) / Double(length - depth)
      }
    }
  }
}

/// The file `metrics.jsonl`, and its lines in memory for the curve.
struct Metrics {
  private(set) var lines: [Measurement]
  private let file: FileHandle
  /// Why the last return was, until the next line tells it.
  private var reason: String?

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

  /// Takes back the lines after a step, which will be taken again; the next line says why.
  mutating func cut(to step: Int, because reason: String) throws {
    self.reason = reason
    lines.removeAll { $0.step > step }
    let bytes = Data(lines.map(\.line).joined().utf8)
    try file.truncate(atOffset: 0)
    try file.write(contentsOf: bytes)
  }

  mutating func append(_ line: Measurement) throws {
    var line = line
    if let reason { line.findings = [reason] + (line.findings ?? []) }
    reason = nil
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
