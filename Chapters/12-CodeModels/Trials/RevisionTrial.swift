import Attention
import Text

/// What a second turn is worth: CODEI/O++ against more of the same.
public struct RevisionTrial: Codable, Sendable, Equatable {
  /// One of the three trainings.
  public struct Arm: Codable, Sendable, Equatable {
    /// The share of conversations among the texts.
    public let share: Double
    /// Whether the loss counted the wrong first responses.
    public let scoresFirst: Bool
    /// The steps, and the tokens that were read in them.
    public let steps, tokens: Int
    /// Right at the first attempt, by task.
    public let first: [String: Double]
    /// Right after the second turn, by task.
    public let second: [String: Double]
    /// Of the wrong first answers that ended, those that the second turn mended, by task.
    public let mended: [String: Double]

    /// Asks held-out questions, and once more where the answer was wrong.
    public init(
      of model: LanguageModel, share: Double, scoresFirst: Bool, steps: Int, tokens: Int,
      _ examinations: [ProgramProblem.Task: ProgramExamination]
    ) {
      (self.share, self.scoresFirst) = (share, scoresFirst)
      (self.steps, self.tokens) = (steps, tokens)
      var (first, second, mended): ([String: Double], [String: Double], [String: Double]) = (
        [:], [:], [:]
      )
      for (task, examination) in examinations {
        let before = examination.answers(of: model)
        let after = examination.revisions(of: model, after: before)
        first[task.rawValue] = before.share(of: .success)
        second[task.rawValue] = after.share(of: .success)
        let asked = before.indices.filter { before[$0].isRevisable }
        mended[task.rawValue] = asked.map { after[$0] }.share(of: .success)
      }
      (self.first, self.second, self.mended) = (first, second, mended)
    }
  }

  /// The questions that were asked to collect wrong answers, and the wrong answers among them.
  public let asked, collected: Int
  /// Without conversations, with them, and with their first responses in the loss too.
  public let arms: [Arm]

  /// Joins the numbers.
  public init(asked: Int, collected: Int, arms: [Arm]) {
    (self.asked, self.collected, self.arms) = (asked, collected, arms)
  }

  /// Lets a model answer fresh questions of the training's side, and keeps what was wrong.
  public static func wrongAnswers(
    of model: LanguageModel, to source: ProblemSource, count: Int, budget: Int
  ) -> [ProgramAnswer] {
    var source = source
    let problems = (0..<count).map { _ in source.problem() }
    return ProgramExamination(problems, budget: budget, alphabet: source.alphabet)
      .answers(of: model).filter(\.isRevisable)
  }
}
