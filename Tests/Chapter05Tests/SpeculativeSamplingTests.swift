import Attention
import Foundation
import MTP
import Tensors
import TestSupport
import Testing

@Suite struct `A judge of drafts` {
  private let p = TokenLaw([0.5, 0.3, 0.2])
  private let q = TokenLaw([0.2, 0.6, 0.2])

  // snippet.judge-example
  @Test func `accepts by the ratio of two laws and fills in what was missing`() {
    // Token 0 is drafted too seldom, token 1 twice too often, token 2 as often as it should be.
    #expect((0..<3).map { p.acceptance(of: $0, draftedBy: q) } == [1, 0.5, 1])
    #expect(p.residual(of: q) == TokenLaw([1, 0, 0]))
    #expect(abs(p.overlap(with: q) - 0.7) < 1e-15)
    // Token 0: drafted with 0.2, or in place of a rejected token 1, which is 0.6 · 0.5.
    #expect(abs(0.2 + 0.6 * 0.5 * 1 - p[0]) < 1e-15)
  }
  // snippet.end

  private func law(_ count: Int, seed: UInt64, sharp: Double = 1) -> TokenLaw {
    var generator = SplitMix64(seed: seed)
    let weights = (0..<count).map { _ in exp(sharp * generator.normal()) }
    let sum = weights.reduce(0, +)
    return TokenLaw(weights.map { $0 / sum })
  }

  /// The law of the outcome, by going through every draft and every replacement.
  private func outcome(of p: TokenLaw, draftedBy q: TokenLaw) -> [Double] {
    let tokens = p.probabilities.indices
    let rejected = tokens.reduce(0.0) { $0 + q[$1] * (1 - p.acceptance(of: $1, draftedBy: q)) }
    let residual = p.residual(of: q)
    return tokens.map {
      q[$0] * p.acceptance(of: $0, draftedBy: q) + rejected * residual[$0]
    }
  }

  // snippet.exact
  @Test func `leaves the law of the model as it is, whatever the drafts`() {
    let laws = (0..<40).map { law(7, seed: $0, sharp: Double($0 % 4) + 0.5) }
    let oneHot = TokenLaw([0, 0, 0, 1, 0, 0, 0])
    for p in laws + [oneHot] {
      for q in laws + [oneHot, p] {
        for (token, probability) in outcome(of: p, draftedBy: q).enumerated() {
          #expect(abs(probability - p[token]) < 1e-15)
        }
      }
    }
  }
  // snippet.end

  @Test func `accepts everything that its own law drafts`() {
    let p = law(7, seed: 1)
    for token in 0..<7 { #expect(p.acceptance(of: token, draftedBy: p) == 1) }
    #expect(abs(p.overlap(with: p) - 1) < 1e-15)
  }

  @Test func `accepts a greedy draft if and only if it is the likeliest token`() {
    let model = TokenLaw([0.1, 2.5, -1], .greedy)
    var generator = SplitMix64(seed: 1)
    let before = generator
    let right = model.judge(1, draftedBy: TokenLaw([0, 9, 0], .greedy), using: &generator)
    #expect(right.token == 1 && right.isAccepted)
    let wrong = model.judge(2, draftedBy: TokenLaw([0, 0, 9], .greedy), using: &generator)
    #expect(wrong.token == 1 && !wrong.isAccepted)
    #expect(generator != before, "a sure rejection costs a draw, which nobody minds")
  }

  @Test func `accepts as often as the laws overlap`() {
    let (p, q) = (law(7, seed: 1), law(7, seed: 2))
    var generator = SplitMix64(seed: 3)
    var (accepted, counts) = (0, [Int](repeating: 0, count: 7))
    let draws = 20_000
    for _ in 0..<draws {
      let draft = q.token(using: &generator)
      let result = p.judge(draft, draftedBy: q, using: &generator)
      accepted += result.isAccepted ? 1 : 0
      counts[result.token] += 1
    }
    let overlap = p.overlap(with: q)
    let deviation = (overlap * (1 - overlap) / Double(draws)).squareRoot()
    #expect(abs(Double(accepted) / Double(draws) - overlap) < 4 * deviation)
    for token in 0..<7 {
      let error = (p[token] * (1 - p[token]) / Double(draws)).squareRoot()
      #expect(abs(Double(counts[token]) / Double(draws) - p[token]) < 4 * error)
    }
  }

  @Test func `follows temperature, top-k and top-p as sampling does`() {
    let logits: [Float] = [1, 3, 2, 0]
    let law = TokenLaw(logits, Sampling(temperature: 0.5, topK: 2))
    // e^(2/0.5) against e^(3/0.5): 1 to e².
    #expect(law[0] == 0 && law[3] == 0)
    #expect(abs(law[1] - 1 / (1 + exp(-2))) < 1e-12)
    #expect(abs(law.probabilities.reduce(0, +) - 1) < 1e-12)
    #expect(TokenLaw(logits, .greedy) == TokenLaw([0, 1, 0, 0]))
  }

  @Test func `counts tokens for each pass as a broken series`() {
    // Paper: Leviathan and others, 2023, eq. 1.
    #expect(abs(SpeculationGain.tokensPerPass(acceptance: 0.8, drafts: 1) - 1.8) < 1e-12)
    let three = (1 - pow(0.8, 4)) / (1 - 0.8)
    #expect(abs(SpeculationGain.tokensPerPass(acceptance: 0.8, drafts: 3) - three) < 1e-12)
    // A draft for a twentieth of a pass, two tokens for the price of one.
    let gain = SpeculationGain.factor(acceptance: 0.85, verifying: 1, drafting: 0.05)
    #expect(abs(gain - 1.7619) < 1e-4)
    // Two tokens for the price of two: nothing is gained, however good the drafts are.
    #expect(SpeculationGain.factor(acceptance: 0.9, verifying: 2, drafting: 0.1) < 1)
  }
}
