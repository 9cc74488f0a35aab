/// What a policy wrote after a prompt, as it was sampled.
public struct Response: Sendable, Equatable {
  /// The tokens, the stop token among them.
  public let tokens: [Int]
  /// log π_old of each token, recorded while sampling.
  public let logProbabilities: [Float]
  /// Whether the budget ended before a stop token came.
  public let isTruncated: Bool

  /// Describes a response.
  public init(tokens: [Int], logProbabilities: [Float], isTruncated: Bool) {
    self.tokens = tokens
    self.logProbabilities = logProbabilities
    self.isTruncated = isTruncated
  }

  /// |o|, the number of its tokens.
  public var length: Int { tokens.count }
}

/// G responses to one prompt, each with its reward.
public struct ResponseGroup: Sendable, Equatable {
  /// The tokens of the prompt.
  public let prompt: [Int]
  /// o₁ … o_G.
  public let responses: [Response]
  /// r₁ … r_G.
  public let rewards: [Double]

  /// Describes a group.
  public init(prompt: [Int], responses: [Response], rewards: [Double]) {
    self.prompt = prompt
    self.responses = responses
    self.rewards = rewards
  }
}
