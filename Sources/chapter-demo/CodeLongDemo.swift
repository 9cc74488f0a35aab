import Attention
import Checkpoints
import CodeModels
import CommandLine
import Foundation
import MTP

/// The experiments of chapter 12, piece by piece: each trains one small model for a minute or two.
///
/// A piece writes what it found to `results/runs/code-NAME.json` beside the figures, and its model
/// to `runs/code/NAME`. A piece whose file is there is not run again, so an interrupted experiment
/// goes on where it was.
struct CodeLongDemo {
  /// Where the reports go.
  let reports: URL
  private let models = URL(fileURLWithPath: "runs/code")
  private var experiments = CodeExperiments()

  init(_ stage: Stage) throws {
    let figures = stage.figures ?? URL(fileURLWithPath: "runs/code/figures")
    reports = figures.deletingLastPathComponent().appending(path: "results/runs")
    for folder in [reports, models] {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }
    experiments.seed = stage.seed
  }

  func run() throws {
    let lengths: [(rates: [Int], suffix: String, steps: Int)] = [
      ([0, 10, 25, 50], "", 850), ([0, 25, 50], "-long", 1700),
    ]
    for (rates, suffix, steps) in lengths {
      for rate in rates {
        try piece("middle-\(rate)\(suffix)", steps: steps) { experiments, steps in
          let (report, model) = try experiments.middle(rate: Double(rate) / 100, steps: steps)
          return (report, model)
        }
      }
    }
    for lesson in ProblemSource.Lesson.allCases {
      try piece("lesson-\(lesson.rawValue)", steps: 500) { try $0.lesson(lesson, steps: $1) }
    }
    try piece("repair", steps: 500) {
      try $0.lesson(.traces, tasks: [.repair, .explanation], steps: $1)
    }
    for start in ["none"] + ProblemSource.Lesson.allCases.map(\.rawValue) {
      let model = start == "none" ? nil : try self.model("lesson-\(start)")
      try piece("transfer-\(start)", steps: 500) {
        (try $0.transfer(from: model, named: start, steps: $1, every: 25), nil)
      }
    }
    let traces = try model("lesson-traces")
    try piece("revision", steps: 120) {
      (try $0.revision(from: traces, steps: $1, asked: 1500, share: 0.5), nil)
    }
  }

  /// Runs a piece, unless its report is there.
  private func piece<Report: Encodable>(
    _ name: String, steps: Int,
    _ work: (CodeExperiments, Int) throws -> (Report, DeepSeekModel?)
  ) throws {
    let file = reports.appending(path: "code-\(name).json")
    guard !FileManager.default.fileExists(atPath: file.path) else {
      return Console.print("\(name): is in \(file.relativePath)")
    }
    var experiments = experiments
    experiments.onStep = { step, loss in
      if step.isMultiple(of: 50) {
        Console.log("\(name), step \(step): loss \(String(format: "%.3f", loss))")
      }
    }
    let (report, model) = try work(experiments, steps)
    if let model { try CodeReader.saved(model).save(to: models.appending(path: name)) }
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try AtomicFile.write(try encoder.encode(report), to: file)
    Console.print("\(name): written to \(file.relativePath)")
  }

  /// The model that a piece has left.
  private func model(_ name: String) throws -> DeepSeekModel {
    try SavedModel<DeepSeekModel>(opening: models.appending(path: name)).model
  }
}
