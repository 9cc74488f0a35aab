import Attention
import Tensors

/// The probability of every token to be the next.
public struct TokenLaw: Sendable, Equatable {
  /// One probability for each token of the vocabulary.
  public let probabilities: [Double]

  /// Creates a law.
  public init(_ probabilities: [Double]) { self.probabilities = probabilities }

  /// The law that a rule of sampling makes of logits: greedy sampling leaves a single token.
  public init(_ logits: [Float], _ sampling: Sampling) {
    var probabilities = [Double](repeating: 0, count: logits.count)
    if sampling.temperature == 0 {
      probabilities[Sampling.likeliest(logits)] = 1
    } else {
      for (token, probability) in sampling.distribution(logits) {
        probabilities[token] = probability
      }
    }
    self.init(probabilities)
  }

  /// The probability of a token.
  public subscript(token: Int) -> Double { probabilities[token] }

  /// Draws a token.
  public func token(using generator: inout some RandomNumberGenerator) -> Int {
    if let certain = probabilities.firstIndex(of: 1) { return certain }
    var remaining = generator.uniform()
    for (token, probability) in probabilities.enumerated() where probability > 0 {
      remaining -= probability
      if remaining < 0 { return token }
    }
    // Rounding may leave a last bit of the uniform number over.
    return probabilities.lastIndex { $0 > 0 } ?? 0
  }
}

// MARK: A draft and its judge

extension TokenLaw {
  // snippet.acceptance
  /// The probability with which this law accepts a token that another law has drafted.
  ///
  /// min(1, p(x) / q(x)). Paper: Leviathan, Kalman and Matias, 2023, algorithm 1.
  public func acceptance(of token: Int, draftedBy draft: TokenLaw) -> Double {
    draft[token] > 0 ? min(1, self[token] / draft[token]) : 1
  }

  /// The law of what replaces a rejected token: what the draft had too little of.
  ///
  /// max(0, p − q), normalised. With it the outcome has the law p, whatever q is.
  public func residual(of draft: TokenLaw) -> TokenLaw {
    let missing = zip(probabilities, draft.probabilities).map { max(0, $0 - $1) }
    let sum = missing.reduce(0, +)
    return sum > 0 ? TokenLaw(missing.map { $0 / sum }) : self
  }
  // snippet.end

  /// The probability that a token drafted by another law is accepted: Σ min(p, q).
  public func overlap(with draft: TokenLaw) -> Double {
    zip(probabilities, draft.probabilities).reduce(0) { $0 + min($1.0, $1.1) }
  }

  // snippet.judge
  /// Accepts a drafted token, or draws the one to write in its place.
  public func judge(
    _ token: Int, draftedBy draft: TokenLaw, using generator: inout some RandomNumberGenerator
  ) -> (token: Int, isAccepted: Bool) {
    let chance = acceptance(of: token, draftedBy: draft)
    if chance >= 1 || generator.uniform() < chance { return (token, true) }
    return (residual(of: draft).token(using: &generator), false)
  }
  // snippet.end
}
