import Attention
import Tensors
import Text

/// Questions about programs with their answers, or the programs alone.
public struct ProblemSource: TextSource {
  /// What of a problem is shown.
  public enum Lesson: String, CaseIterable, Sendable, Codable {
    /// Question, worked steps and answer: CODEI/O.
    case traces
    /// Question and answer.
    case answers
    /// The program by itself, as ordinary pre-training has it.
    case code
  }

  /// What is asked, each equally often.
  public let tasks: [ProgramProblem.Task]
  /// What is shown.
  public let lesson: Lesson
  /// The programs.
  public let sampler: ProgramSampler
  /// The tokens.
  public let alphabet: CodeAlphabet
  /// The tokens of a batch.
  public let budget: Int
  /// What is remembered between two batches.
  public var generator: SplitMix64

  /// Creates a source.
  public init(
    _ tasks: [ProgramProblem.Task], _ lesson: Lesson = .traces, from sampler: ProgramSampler,
    budget: Int, seed: UInt64, alphabet: CodeAlphabet = .standard
  ) {
    insist(!tasks.isEmpty, "ProblemSource: nothing is asked")
    self.tasks = tasks
    self.lesson = lesson
    self.sampler = sampler
    self.alphabet = alphabet
    self.budget = budget
    generator = SplitMix64(seed: seed)
  }

  /// The token that fills up rows.
  public var padding: Int { alphabet.tasks.padding }

  /// A number made from everything but the generator.
  public var fingerprint: UInt64 {
    let sizes = [sampler.lengths.lowerBound, sampler.lengths.upperBound, budget]
    return .fingerprint(
      (tasks.map(\.rawValue) + [lesson.rawValue]).joined(separator: " ").numbers
        + sizes.map { UInt64($0) } + [sampler.shufflesNames ? 1 : 0])
  }

  /// Draws a problem and shows of it what the lesson shows.
  public mutating func text() -> ScoredText {
    let problem = problem()
    guard lesson != .code else {
      let code = alphabet.tasks.encode("\(problem.program)")
      return ScoredText().reading([alphabet.tasks.begin]).writing(code + [alphabet.tasks.end])
    }
    return problem.text(worked: lesson == .traces, alphabet: alphabet)
  }

  /// Draws a problem.
  mutating func problem() -> ProgramProblem {
    let task = tasks[Draw.below(tasks.count, using: &generator)]
    return .drawn(task, from: sampler, using: &generator)
  }
}

extension ProgramProblem {
  /// Question and answer, with or without the worked steps; the loss counts the response alone.
  public func text(worked: Bool, alphabet: CodeAlphabet = .standard) -> ScoredText {
    ScoredText().reading(alphabet.tasks.prompt(prompt))
      .writing(alphabet.tasks.response(thought: worked ? steps : nil, answer: answer))
  }
}
