import CommandLine
import Distillation
import Foundation

/// What `deepseek distill --json` printed at the end of a run, and its steps.
struct StudentRecord: Decodable {
  /// An examination before or after.
  struct Marks: Decodable {
    /// The sums of one number of digits.
    struct Part: Decodable {
      let task: String
      let problems: Int
      let greedy: Double
    }

    let greedy, passAt1, length, greedyLength: Double
    let sums: [Part]

    enum CodingKeys: String, CodingKey {
      case greedy, length, sums
      case passAt1 = "pass_at_1"
      case greedyLength = "greedy_length"
    }
  }

  /// How a control did before and after.
  struct Control: Decodable {
    let before, after: Double
  }

  /// What the teacher wrote.
  struct Samples: Decodable {
    let kept, asked, tokens: Int
  }

  let method: DistillationPlan.Method
  let parameters, seed, steps, tokens: Int
  let seconds: Double
  let before, after: Marks
  let controls: [String: Control]
  let samples: Samples?
  /// The steps, where they are recorded too.
  var reports: [StudentReport] = []

  enum CodingKeys: String, CodingKey {
    case method, parameters, seed, steps, tokens, seconds, before, after, controls, samples
  }

  /// The student of the chapter that has as many weights.
  var student: Student? {
    Student.all.first { $0.model.model(seed: 0).parameterCount == parameters }
  }

  /// The mean accuracy on the controls before and after.
  var control: Control {
    let count = Double(max(controls.count, 1))
    return Control(
      before: controls.values.map(\.before).sorted().reduce(0, +) / count,
      after: controls.values.map(\.after).sorted().reduce(0, +) / count)
  }

  /// All runs that are recorded beside the book, by name.
  static func all() throws -> [StudentRecord] {
    let folder = URL(fileURLWithPath: "book/results/runs")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    let records = try names.sorted().filter {
      $0.hasPrefix("distill-") && $0.hasSuffix(".json")
    }
    .map { try StudentRecord(contentsOf: folder.appending(path: $0)) }
    guard !records.isEmpty else {
      throw UsageError(
        "book/results/runs has no records of students; run this in the folder of the repository."
      )
    }
    return records
  }

  private init(contentsOf file: URL) throws {
    let decoder = JSONDecoder()
    self = try decoder.decode(StudentRecord.self, from: Data(contentsOf: file))
    let steps = file.deletingPathExtension().appendingPathExtension("jsonl")
    guard let text = try? String(contentsOf: steps, encoding: .utf8) else { return }
    reports = try text.split(separator: "\n").map {
      try decoder.decode(StudentReport.self, from: Data($0.utf8))
    }
  }
}
