import MTP
import Text

/// What a model has learnt from one of the lessons about programs.
public struct LessonTrial: Codable, Sendable, Equatable {
  /// What was asked.
  public let tasks: [ProgramProblem.Task]
  /// What was shown.
  public let lesson: ProblemSource.Lesson
  /// The steps, the tokens that were read in them, and those that the loss counted.
  public let steps, tokens, targets: Int
  /// The seconds of the training.
  public let seconds: Double
  /// The mean loss of the last twentieth of the steps.
  public let loss: Double
  /// The examination; nil for code alone, which is never asked anything.
  public let marks: ProgramTrial?

  /// Joins the numbers.
  public init(
    _ source: ProblemSource, steps: Int, seconds: Double, losses: [Double],
    marks: ProgramTrial?
  ) {
    (tasks, lesson) = (source.tasks, source.lesson)
    (self.steps, self.seconds, self.marks) = (steps, seconds, marks)
    let census = source.census(batches: steps)
    (tokens, targets) = (census.tokens, census.targets)
    let last = losses.suffix(max(1, losses.count / 20))
    loss = last.reduce(0, +) / Double(max(last.count, 1))
  }
}
