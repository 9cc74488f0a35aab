import Attention
import MTP
import RL
import Text

/// How a model answers held-out questions about programs, task by task and length by length.
public struct ProgramTrial: Codable, Sendable, Equatable {
  /// One task at one number of statements.
  public struct Part: Codable, Sendable, Equatable {
    /// The task.
    public let task: ProgramProblem.Task
    /// The statements of the programs.
    public let length: Int
    /// The questions.
    public let problems: Int
    /// The share with the status `success`, and its interval of 95 %.
    public let right, low, high: Double
    /// The share of each status, by its name.
    public let statuses: [String: Double]

    /// Counts the answers to questions of one task and length.
    init(_ task: ProgramProblem.Task, length: Int, _ answers: [ProgramAnswer]) {
      (self.task, self.length, problems) = (task, length, answers.count)
      right = answers.share(of: .success)
      let interval = ShareInterval.wilson(
        answers.count { $0.status == .success }, of: answers.count)
      (low, high) = (interval.low, interval.high)
      statuses = Dictionary(
        uniqueKeysWithValues: AnswerStatus.allCases.map {
          ($0.rawValue, answers.share(of: $0))
        })
    }
  }

  /// The parts, by task and then by length.
  public let parts: [Part]

  /// Asks `count` questions of each task about programs of each length.
  public init(
    of model: LanguageModel, tasks: [ProgramProblem.Task], lengths: ClosedRange<Int>,
    count: Int, budget: Int, shufflesNames: Bool = false
  ) {
    parts = tasks.flatMap { task in
      lengths.compactMap { length in
        let examination = ProgramExamination(
          task, from: ProgramSampler(lengths: length...length, shufflesNames: shufflesNames),
          count: count, budget: budget, seed: UInt64(length))
        // There are so few programs of one statement that none may be held out.
        guard !examination.problems.isEmpty else { return nil }
        return Part(task, length: length, examination.answers(of: model))
      }
    }
  }

  /// The mean over some lengths of the share of right answers to a task.
  public func right(_ task: ProgramProblem.Task, lengths: ClosedRange<Int>) -> Double {
    let chosen = parts.filter { $0.task == task && lengths.contains($0.length) }
    return chosen.reduce(0) { $0 + $1.right } / Double(max(chosen.count, 1))
  }
}
