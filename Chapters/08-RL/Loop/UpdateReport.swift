/// What one update did: a line of `metrics.jsonl`.
public struct UpdateReport: Codable, Sendable, Equatable {
  /// The number of the update, from 1.
  public var update: Int
  /// The mean reward.
  public var reward = 0.0
  /// The share of right answers among the samples.
  public var accuracy = 0.0
  /// The mean number of tokens of a response.
  public var length = 0.0
  /// The same of right and of wrong responses.
  public var lengthRight = 0.0, lengthWrong = 0.0
  /// The share of responses with an answer where it belongs.
  public var valid = 0.0
  /// The share of responses that think, in the right form.
  public var thinking = 0.0
  /// The share of responses that the budget cut short.
  public var truncated = 0.0
  /// The share of groups that teach nothing: all right or all wrong.
  public var deadGroups = 0.0
  /// The mean entropy of the policy at the tokens of the loss, in nats.
  public var entropy = 0.0
  /// The mean of k3 against the reference; nil when it was not measured.
  public var divergence: Double?
  /// The share of tokens whose ratio left the window.
  public var clipShare = 0.0
  /// The largest |log π − log π_old| before the first step: rounding, or a mistake.
  public var largestLogRatio = 0.0
  /// The length of the gradient before it was clipped; the mean of the rollout's steps.
  public var gradientNorm = 0.0
  /// The tokens that were sampled.
  public var tokens = 0
  /// The seconds of the whole update, and of its rollout.
  public var seconds = 0.0, rolloutSeconds = 0.0
  /// The tokens that were sampled in a second of the rollout.
  public var rolloutTokensPerSecond = 0.0
  /// Greedy accuracy on problems that are not trained on, after the update.
  public var greedy: Double?
  /// The mean number of tokens of those greedy responses.
  public var greedyLength: Double?
  /// Greedy accuracy on the controls, after the update.
  public var controls: Double?

  /// Begins a report.
  public init(update: Int) { self.update = update }

  private enum CodingKeys: String, CodingKey {
    case update, reward, accuracy, length, valid, thinking, truncated, entropy, tokens, seconds
    case greedy, controls
    case lengthRight = "length_right"
    case lengthWrong = "length_wrong"
    case deadGroups = "dead_groups"
    case divergence = "kl"
    case clipShare = "clip_share"
    case largestLogRatio = "largest_log_ratio"
    case gradientNorm = "gradient_norm"
    case rolloutSeconds = "rollout_seconds"
    case rolloutTokensPerSecond = "rollout_tokens_per_second"
    case greedyLength = "greedy_length"
  }

  /// Takes over what the responses of a rollout look like.
  mutating func note(_ responses: [[JudgedResponse]]) {
    let all = responses.flatMap { $0 }
    let shape = ResponseShape(all)
    accuracy = all.share(where: \.isRight)
    (length, lengthRight, lengthWrong) = (shape.length, shape.rightLength, shape.wrongLength)
    (valid, thinking, truncated) = (shape.valid, shape.thinking, shape.truncated)
    tokens = all.reduce(0) { $0 + $1.response.length }
  }
}
