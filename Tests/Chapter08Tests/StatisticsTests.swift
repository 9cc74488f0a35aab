import Attention
import Checkpoints
import Foundation
import RL
import Tensors
import TestSupport
import Testing

@Suite struct `Statistics of an update` {
  private static let objective = Objective(
    advantage: .centred, weight: .sequenceMean, clip: Clip(low: 0.2, high: 0.28))

  private func statistics(
    ratios: [Double], toReference: [Double]? = nil, objective: Objective = objective
  ) -> PolicyStatistics {
    let sampled = Chapter08.sampled(
      objective, ratios: ratios, toReference: toReference, advantages: [1, 1, -1, -1, -1, -1])
    let tape = Tape(recording: false)
    return tape.constant(sampled.hidden)
      .policyLoss(head: tape.constant(sampled.head), of: sampled.tokens, objective).statistics
  }

  @Test func `count what the window has stopped, on each side of each edge`() {
    #expect(statistics(ratios: [1.279, 0.5, 0.801, 1.5, 9, 1.279]).clipShare == 0)
    #expect(statistics(ratios: [1.281, 3, 0.799, 0.1, 0.5, 0.799]).clipShare == 1)
    #expect(statistics(ratios: [1.281, 1, 0.799, 1, 9, 0.799]).clipShare == 0.5)
  }

  @Test func `tell the mean ratio and the largest step`() {
    let found = statistics(ratios: [1.5, 0.5, 1, 1, 2, 3])
    #expect(abs(found.ratio - 1.5) < 1e-5)
    #expect(abs(found.largestLogRatio - log(3)) < 1e-5)
  }

  @Test func `tell the mean of k3`() {
    var objective = Self.objective
    objective.penalty = Penalty(weight: 0.1)
    let ratios = [0.5, 2, 1, 1, 4, 0.25]
    let found = statistics(
      ratios: [1, 1, 1, 1, 1, 1], toReference: ratios, objective: objective)
    let expected = ratios.reduce(0) { $0 + $1 - log($1) - 1 } / 6
    #expect(abs(found.divergence - expected) < 1e-4)
  }

  @Test(arguments: [1, 0.5])
  func `tell the entropy of the policy at the temperature of sampling`(
    _ temperature: Double
  ) {
    var objective = Self.objective
    objective.temperature = temperature
    let sampled = Chapter08.sampled(
      objective, ratios: [1, 1, 1, 1, 1, 1], advantages: [1, 1, -1, -1, -1, -1])
    let entropies = (0..<6).map { row in
      let logs = (0..<5).map { token in
        PolicyTwin.logProbabilities(
          Array(sampled.hidden.doubles[row * 3..<row * 3 + 3]), sampled.head.doubles, [token],
          width: 3, temperature: temperature)[0]
      }
      return logs.reduce(0) { $0 - $1 * exp($1) }
    }
    let found = statistics(ratios: [1, 1, 1, 1, 1, 1], objective: objective)
    #expect(abs(found.entropy - entropies.reduce(0, +) / 6) < 1e-5)
  }

  private let model = DecoderConfiguration.dense.policy()

  // Trap 6: π_old is what was recorded while sampling, whatever the policy has become since.
  @Test func `have a ratio that is not one once the policy has moved`() {
    let groups = sampledGroups(model)
    #expect(model.policyGradient(of: .dapo, on: groups).statistics.largestLogRatio < 1e-4)
    model.shake(by: 0.02)
    #expect(model.policyGradient(of: .dapo, on: groups).statistics.largestLogRatio > 1e-2)
  }

  // Trap 3: a policy scored at another temperature than it was sampled at.
  @Test func `have a ratio that is not one at another temperature`() {
    let groups = sampledGroups(model, temperature: 0.8)
    var objective = Self.objective
    #expect(model.policyGradient(of: objective, on: groups).statistics.largestLogRatio > 1e-2)
    objective.temperature = 0.8
    #expect(model.policyGradient(of: objective, on: groups).statistics.largestLogRatio < 1e-4)
  }
}
