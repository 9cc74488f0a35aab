import Foundation
import Tensors

/// How the next token is chosen from its logits.
public struct Sampling: Sendable, Equatable {
  /// What the logits are divided by; 0 takes the likeliest token every time.
  public var temperature: Double
  /// How many of the likeliest tokens stay; nil keeps all.
  public var topK: Int?
  /// The probability that the likeliest tokens must reach together before the rest is dropped.
  public var topP: Double

  /// Creates a rule.
  public init(temperature: Double = 1, topK: Int? = nil, topP: Double = 1) {
    insist(temperature >= 0, "Sampling: the temperature \(temperature) must not be negative")
    insist(topK ?? 1 > 0, "Sampling: top-k must keep at least one token")
    insist(topP > 0 && topP <= 1, "Sampling: top-p \(topP) must lie in (0, 1]")
    self.temperature = temperature
    self.topK = topK
    self.topP = topP
  }

  /// Always the likeliest token; of equals the first.
  public static let greedy = Sampling(temperature: 0)

  // snippet.sampling
  /// The tokens that may follow, likeliest first, with their probabilities.
  ///
  /// In the order of `transformers`: divide by the temperature, keep k, keep p, normalise.
  public func distribution(_ logits: [Float]) -> [(token: Int, probability: Double)] {
    var ranked = logits.indices.sorted {
      logits[$0] != logits[$1] ? logits[$0] > logits[$1] : $0 < $1
    }
    guard temperature > 0 else { return [(ranked[0], 1)] }
    if let topK { ranked = Array(ranked.prefix(topK)) }
    let highest = Double(logits[ranked[0]])
    var weights = ranked.map { exp((Double(logits[$0]) - highest) / temperature) }
    let whole = weights.reduce(0, +)
    var reached = 0.0
    let kept = weights.firstIndex {
      reached += $0 / whole
      return reached >= topP
    }
    weights = Array(weights.prefix((kept ?? weights.count - 1) + 1))
    let rest = weights.reduce(0, +)
    return zip(ranked, weights).map { ($0, $1 / rest) }
  }
  // snippet.end

  /// The token with the highest logit; of equals the first.
  package static func likeliest(_ logits: [Float]) -> Int {
    logits.indices.reduce(0) { logits[$1] > logits[$0] ? $1 : $0 }
  }

  /// Draws one token.
  public func token(_ logits: [Float], using generator: inout some RandomNumberGenerator) -> Int
  {
    if temperature == 0 { return Self.likeliest(logits) }
    let candidates = distribution(logits)
    var remaining = generator.uniform()
    for (token, probability) in candidates {
      remaining -= probability
      if remaining < 0 { return token }
    }
    return candidates[candidates.count - 1].token
  }
}
