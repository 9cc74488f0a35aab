import RL

/// What one update of a stage did: a line of its `metrics.jsonl`.
public struct ReinforcementReport: Codable, Sendable, Equatable {
  /// The number of the update, from 1.
  public var update: Int
  /// The mean reward.
  public var reward = 0.0
  /// The share of right answers among the samples of sums.
  public var accuracy = 0.0
  /// The mean share of the wanted tongue in thoughts; nil if nothing thinks.
  public var consistency: Double?
  /// The share of sums whose thought a person would like to read.
  public var readable = 0.0
  /// The shares of sums that think, and of all samples with an answer where it belongs.
  public var thinking = 0.0, valid = 0.0
  /// The mean tokens of a response to a sum.
  public var length = 0.0
  /// The share of samples that the budget cut short.
  public var truncated = 0.0
  /// The share of groups that teach nothing.
  public var deadGroups = 0.0
  /// The mean score of the reward model for answers to requests; nil if none were asked.
  public var score: Double?
  /// What those answers were worth to people, which no reward knows.
  public var value: Double?
  /// The mean words of those answers.
  public var words: Double?
  /// The mean entropy of the policy at the tokens of the loss, in nats.
  public var entropy = 0.0
  /// The mean of k3 against the reference; nil when it was not measured.
  public var divergence: Double?
  /// The share of tokens whose ratio left the window.
  public var clipShare = 0.0
  /// The largest |log π − log π_old| before the step: rounding, or a mistake.
  public var largestLogRatio = 0.0
  /// The length of the gradient before it was clipped.
  public var gradientNorm = 0.0
  /// The tokens that were sampled.
  public var tokens = 0
  /// The seconds of the update.
  public var seconds = 0.0
  /// Greedy accuracy on sums that are not trained on, after the update.
  public var greedy: Double?
  /// The consistency of those greedy thoughts.
  public var greedyConsistency: Double?
  /// Greedy accuracy on digits to sort and to copy, after the update.
  public var controls: Double?

  /// Begins a report.
  public init(update: Int) { self.update = update }

  private enum CodingKeys: String, CodingKey {
    case update, reward, accuracy, consistency, readable, thinking, valid, length, truncated
    case score, value, words, entropy, tokens, seconds, greedy, controls
    case deadGroups = "dead_groups"
    case divergence = "kl"
    case clipShare = "clip_share"
    case largestLogRatio = "largest_log_ratio"
    case gradientNorm = "gradient_norm"
    case greedyConsistency = "greedy_consistency"
  }

  /// Takes over what the samples look like.
  mutating func note(_ replies: [JudgedReply], scores: [Float]) {
    let sums = replies.filter { $0.question.kind == .sum }
    let asked = replies.filter { $0.question.kind == .request }
    accuracy = sums.portion(where: \.isRight)
    consistency = sums.consistency
    readable = sums.portion(where: \.isReadable)
    thinking = sums.portion(where: \.verdict.isThinking)
    length = sums.average { Double($0.response.length) }
    valid = replies.portion(where: \.verdict.isValid)
    truncated = replies.portion(where: \.response.isTruncated)
    tokens = replies.reduce(0) { $0 + $1.response.length }
    guard !asked.isEmpty else { return }
    score = scores.average { Double($0) }
    value = asked.average { RequestJudge.value(of: $0.verdict.answer, to: $0.question) }
    words = asked.average { Double($0.verdict.answer?.utf8.count ?? 0) }
  }
}
