import Foundation
import RL
import Tensors
import TestSupport
import Testing

/// Four answers of one token each, of which token 2 is right.
private struct Bandit {
  let head = Parameter(Tensor([0.4, 0.2, -0.6, 0.1], shape: [4, 1]))
  var generator = SplitMix64(seed: 1)

  var probabilities: [Double] {
    let powers = head.value.scalars.map { exp(Double($0)) }
    return powers.map { $0 / powers.reduce(0, +) }
  }

  mutating func group(of count: Int) -> ResponseGroup {
    let p = probabilities
    let responses = (0..<count).map { _ in
      var remaining = generator.uniform()
      let token =
        p.firstIndex {
          remaining -= $0; return remaining < 0
        } ?? 3
      return Response(
        tokens: [token], logProbabilities: [Float(log(p[token]))], isTruncated: false)
    }
    return ResponseGroup(
      prompt: [0], responses: responses, rewards: responses.map { $0.tokens == [2] ? 1 : 0 })
  }

  mutating func step(_ objective: Objective, rate: Float) {
    let group = group(of: 8)
    let weights = objective.weights(of: [group])[0]
    let advantages = objective.advantages(of: group)
    var tokens = PolicyTokens()
    for (index, response) in group.responses.enumerated() {
      tokens.append(response, advantage: advantages[index], weight: weights[index])
    }
    let tape = Tape()
    let ones = tape.constant(Tensor(repeating: 1, shape: [8, 1]))
    let (loss, _) = ones.policyLoss(head: tape[head], of: tokens, objective)
    guard let gradient = tape.gradients(of: loss)[head] else { return }
    head.value = Tensor(
      zip(head.value.scalars, gradient.scalars).map { $0 - rate * $1 }, shape: [4, 1])
  }
}

@Suite struct `Learning` {
  private static let objectives: [Objective] = [
    Objective(advantage: .scored(.population), weight: .sequenceMean, clip: Clip(0.2)),
    .drGRPO(budget: 1), .dapo, .reinforce, .reinforceWithBaseline, .rft,
  ]

  // snippet.bandit
  @Test(arguments: objectives) func `makes the rewarded token all but certain`(
    _ objective: Objective
  ) {
    var bandit = Bandit()
    #expect(bandit.probabilities[2] < 0.15)
    for _ in 0..<200 { bandit.step(objective, rate: 2) }
    #expect(bandit.probabilities[2] > 0.99)
  }
  // snippet.end

  // The planted mistake: a loss of J and not of −J.
  @Test func `goes the wrong way with the sign turned`() {
    var bandit = Bandit()
    for _ in 0..<20 { bandit.step(.drGRPO(budget: 1), rate: -2) }
    #expect(bandit.probabilities[2] < 0.05)
  }
}
