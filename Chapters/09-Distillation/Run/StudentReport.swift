/// What one step did to a student: a line of `metrics.jsonl`.
public struct StudentReport: Codable, Sendable, Equatable {
  /// The number of the step, from 1.
  public var step: Int
  /// The tokens that have given the student a gradient so far.
  public var tokens = 0
  /// The mean divergence from the teacher in nats; nil in reinforcement, whose loss on fresh
  /// samples is nearly 0 whatever they are worth.
  public var loss: Double?
  /// The length of the gradient before it was clipped.
  public var gradientNorm = 0.0
  /// The learning rate.
  public var learningRate = 0.0
  /// Whether the student wrote the text of this step itself.
  public var isOnPolicy = false
  /// The mean tokens of a response.
  public var length = 0.0
  /// The share of the student's own samples that were right, in reinforcement.
  public var accuracy: Double?
  /// The seconds of the step.
  public var seconds = 0.0
  /// Greedy accuracy on problems that are not trained on, after the step.
  public var greedy: Double?
  /// The mean number of tokens of those greedy responses.
  public var greedyLength: Double?
  /// Greedy accuracy on the controls, after the step.
  public var controls: Double?

  /// Begins a report.
  public init(step: Int) { self.step = step }

  private enum CodingKeys: String, CodingKey {
    case step, tokens, loss, length, accuracy, seconds, greedy, controls
    case gradientNorm = "gradient_norm"
    case learningRate = "learning_rate"
    case isOnPolicy = "on_policy"
    case greedyLength = "greedy_length"
  }
}
