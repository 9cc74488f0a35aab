import Attention
import Tensors

/// How a speculative generation went.
public struct SpeculationTally: Sendable, Equatable {
  /// The passes of the model after the prompt.
  public var passes = 0
  /// The tokens that these passes wrote.
  public var tokens = 0
  /// For each depth, the drafts that were made, one for each pass that had room for them.
  public var drafted: [Int]
  /// For each depth, the drafts that were accepted.
  public var accepted: [Int]

  /// Creates a tally of nothing for so many depths.
  public init(depths: Int) {
    drafted = [Int](repeating: 0, count: depths)
    accepted = drafted
  }

  /// The share of the drafts of the first module that were accepted.
  ///
  /// Paper: DeepSeek-V3 §5.4.3 reports 85 to 90 % for its second token.
  public var secondTokenAcceptance: Double {
    guard let first = drafted.first, first > 0 else { return 0 }
    return Double(accepted[0]) / Double(first)
  }

  /// The tokens that a pass wrote on average; without speculation it would be 1.
  public var tokensPerPass: Double { passes > 0 ? Double(tokens) / Double(passes) : 0 }

  mutating func add(drafted count: Int, accepted good: Int) {
    passes += 1
    tokens += good + 1
    for depth in 0..<count { drafted[depth] += 1 }
    for depth in 0..<good { accepted[depth] += 1 }
  }

  /// Adds what another generation tallied.
  public mutating func add(_ other: SpeculationTally) {
    passes += other.passes
    tokens += other.tokens
    for depth in drafted.indices {
      drafted[depth] += other.drafted[depth]
      accepted[depth] += other.accepted[depth]
    }
  }
}

extension DeepSeekModel {
  /// Continues a prompt, with drafts of the modules that the model judges several at a time.
  ///
  /// The tokens have the law that `generate` gives them; with greedy sampling they are the same
  /// tokens. What changes is the number of passes of the model.
  /// - Parameters:
  ///   - prompt: at least one token.
  ///   - count: the most tokens to add.
  ///   - stops: tokens after which the continuation ends; the token itself is kept.
  ///   - onToken: told of each new token; returning false ends the continuation.
  public func generateSpeculatively(
    _ prompt: [Int], count: Int, sampling: Sampling, seed: UInt64, stops: Set<Int> = [],
    onToken: (_ token: Int) -> Bool = { _ in true }
  ) -> (tokens: [Int], tally: SpeculationTally) {
    var tally = SpeculationTally(depths: modules.count)
    guard count > 0 else { return ([], tally) }
    var speculation = Speculation(self, prompt: prompt, sampling: sampling, seed: seed)
    var output: [Int] = []
    while true {
      for token in speculation.text[(prompt.count + output.count)...] {
        output.append(token)
        if !onToken(token) || stops.contains(token) { return (output, tally) }
      }
      guard output.count < count else { return (output, tally) }
      // The token behind the drafts is written too, so the last one never needs a draft.
      let room = min(modules.count, count - output.count - 1)
      let accepted = speculation.advance(drafting: room)
      tally.add(drafted: room, accepted: accepted)
    }
  }
}

/// What speculation with one draft should gain.
public enum SpeculationGain {
  /// The factor on tokens per second that follows from measured parts.
  ///
  /// (1 + α) / (v + c). Paper: Leviathan and others, 2023, theorem 3.8, with the price of judging
  /// two tokens left open: a model whose weights fit into the cache does not read two for the
  /// price of one.
  /// - Parameters:
  ///   - acceptance: α, the share of drafts that are accepted.
  ///   - verifying: v, a pass over two tokens in units of a pass over one.
  ///   - drafting: c, a draft in the same units.
  public static func factor(acceptance: Double, verifying: Double, drafting: Double) -> Double {
    (1 + acceptance) / (verifying + drafting)
  }

  /// The tokens that a pass writes on average, if drafts are accepted independently.
  ///
  /// (1 − α^(γ+1)) / (1 − α): a geometric series that the first rejection cuts.
  public static func tokensPerPass(acceptance: Double, drafts: Int) -> Double {
    (0...drafts).reduce(0.0) { sum, power in
      sum + (0..<power).reduce(1.0) { product, _ in product * acceptance }
    }
  }
}
