import Tensors

/// What a policy wrote after a prompt, as it was sampled.
public struct Response: Sendable, Equatable {
  /// The tokens, the stop token among them.
  public let tokens: [Int]
  /// log π_old of each token, recorded while sampling.
  public let logProbabilities: [Float]
  /// Whether the budget ended before a stop token came.
  public let isTruncated: Bool
  /// log π_ref of each token, once a reference has read them.
  public internal(set) var referenceLogProbabilities: [Float]?

  /// Describes a response.
  public init(
    tokens: [Int], logProbabilities: [Float], isTruncated: Bool,
    referenceLogProbabilities: [Float]? = nil
  ) {
    let counts = [logProbabilities.count, referenceLogProbabilities?.count ?? tokens.count]
    insist(
      counts.allSatisfy { $0 == tokens.count },
      "Response: \(tokens.count) tokens with \(counts) log-probabilities; each token has one")
    self.tokens = tokens
    self.logProbabilities = logProbabilities
    self.isTruncated = isTruncated
    self.referenceLogProbabilities = referenceLogProbabilities
  }

  /// |o|, the number of its tokens.
  public var length: Int { tokens.count }
}

/// G responses to one prompt, each with its reward.
public struct ResponseGroup: Sendable, Equatable {
  /// The tokens of the prompt.
  public let prompt: [Int]
  /// o₁ … o_G.
  public internal(set) var responses: [Response]
  /// r₁ … r_G.
  public let rewards: [Double]

  /// Describes a group.
  public init(prompt: [Int], responses: [Response], rewards: [Double]) {
    insist(!prompt.isEmpty, "ResponseGroup: the prompt has no token from which to go on")
    insist(
      responses.count == rewards.count,
      "ResponseGroup: \(responses.count) responses with \(rewards.count) rewards")
    insist(
      rewards.allSatisfy(\.isFinite), "ResponseGroup: a reward of \(rewards) is not finite")
    self.prompt = prompt
    self.responses = responses
    self.rewards = rewards
  }
}
