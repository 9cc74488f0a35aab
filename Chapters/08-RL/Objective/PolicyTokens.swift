import Tensors

/// The sampled tokens that a policy loss is about, with what is known of each.
public struct PolicyTokens: Sendable, Equatable {
  /// a, the tokens.
  public var tokens: [Int] = []
  /// log π_old of each.
  public var old: [Float] = []
  /// log π_ref of each; empty when no reference is needed.
  public var reference: [Float] = []
  /// Â of each.
  public var advantages: [Double] = []
  /// w of each.
  public var weights: [Double] = []
  /// The number of tokens of each response, in order.
  public var lengths: [Int] = []

  /// Describes no tokens.
  public init() {}

  /// Adds the tokens of a response that share an advantage and a weight.
  public mutating func append(_ response: Response, advantage: Double, weight: Double) {
    append(
      response, advantages: Array(repeating: advantage, count: response.length), weight: weight)
  }

  /// Adds the tokens of a response, each with an advantage of its own.
  public mutating func append(_ response: Response, advantages: [Double], weight: Double) {
    tokens += response.tokens
    old += response.logProbabilities
    reference += response.referenceLogProbabilities ?? []
    self.advantages += advantages
    weights += repeatElement(weight, count: response.length)
    lengths.append(response.length)
  }
}
