import Foundation
import RL
import Tensors
import TestSupport

/// The gradient checks of chapter 8.
enum Chapter08 {
  static let cases: [GradientCase] = policies + penalties + values

  private static let (width, vocabulary) = (3, 5)
  private static let tokens = [0, 4, 2, 2, 1, 3]
  private static let head = Tensor.test(vocabulary, width, seed: 2)

  /// Six tokens of two responses whose ratios and reference ratios are as asked for.
  static func sampled(
    _ objective: Objective, ratios: [Double], toReference: [Double]? = nil,
    advantages: [Double]
  ) -> (hidden: Tensor, head: Tensor, tokens: PolicyTokens) {
    let hidden = Tensor.test(tokens.count, width, seed: 3)
    let logs = PolicyTwin.logProbabilities(
      hidden.doubles, head.doubles, tokens, width: width, temperature: objective.temperature)
    var policy = PolicyTokens()
    policy.tokens = tokens
    policy.old = zip(logs, ratios).map { Float($0 - log($1)) }
    policy.reference = zip(logs, toReference ?? []).map { Float($0 + log($1)) }
    policy.advantages = advantages
    policy.weights = [0.25, 0.25, 0.5, 0.5, 0.5, 0.5]
    policy.lengths = [2, 4]
    return (hidden, head, policy)
  }

  private static func policy(
    _ note: String, _ objective: Objective, ratios: [Double], toReference: [Double]? = nil,
    advantages: [Double] = [1.5, 1.5, -0.7, -0.7, -0.7, -0.7]
  ) -> GradientCase {
    let (hidden, head, tokens) = sampled(
      objective, ratios: ratios, toReference: toReference, advantages: advantages)
    let twin = PolicyTwin(tokens: tokens, objective: objective, width: width)
    return GradientCase("policyLoss", note, of: hidden, head) {
      $0[0].policyLoss(head: $0[1], of: tokens, objective).loss
    } twin: { x in
      [twin.loss(x[0], x[1])]
    }
  }

  private static func token(
    temperature: Double = 1, clip: Clip? = Clip(low: 0.2, high: 0.28),
    penalty: Penalty = .none
  ) -> Objective {
    Objective(
      advantage: .centred, weight: .sequenceMean, clip: clip, penalty: penalty,
      temperature: temperature)
  }

  @GradientCaseList static var policies: [GradientCase] {
    policy("fresh samples", token(), ratios: [1, 1, 1, 1, 1, 1])
    policy(
      "inside every edge", token(), ratios: [1.279, 0.5, 0.801, 1.5, 9, 1.279])
    policy(
      "outside every edge", token(), ratios: [1.281, 3, 0.799, 0.1, 0.5, 0.799])
    policy(
      "between the dual clip's sides", token(clip: Clip(low: 0.2, high: 0.2, dual: 3)),
      ratios: [3.1, 1.1, 2.999, 3.001, 0.81, 0.79])
    policy(
      "two temperatures in one", token(temperature: 0.7), ratios: [1.2, 1.3, 0.7, 0.9, 1.1, 1])
    policy("a flat temperature", token(temperature: 1.3), ratios: [1.2, 1.3, 0.7, 0.9, 1.1, 1])
    policy("no window", token(clip: nil), ratios: [2, 0.5, 3, 0.1, 1, 1])
    policy(
      "no ratio",
      Objective(advantage: .reward, weight: .sequenceSum, ratio: .none),
      ratios: [2, 0.5, 3, 0.1, 1, 1])
    policy(
      "whole responses inside the window", sequence(low: 0.2, high: 0.28),
      ratios: [1.1, 1.15, 0.9, 1, 1, 0.95], toReference: [1.2, 0.9, 2, 0.4, 1.1, 1])
    policy(
      "whole responses outside", sequence(low: 0.2, high: 0.28),
      ratios: [1.2, 1.2, 0.9, 0.8, 1, 0.95], toReference: [1.2, 0.9, 2, 0.4, 1.1, 1])
  }

  private static func sequence(low: Double, high: Double) -> Objective {
    Objective(
      advantage: .centred, weight: .sequenceSum, ratio: .sequence,
      clip: Clip(low: low, high: high), penalty: Penalty(weight: 0.3))
  }

  @GradientCaseList static var penalties: [GradientCase] {
    penalty(.k1)
    penalty(.k2)
    penalty(.k3)
    policy(
      "a clamped penalty", token(penalty: Penalty(weight: 0.3, clamp: 0.5)),
      ratios: [1, 1, 1, 1, 1, 1], toReference: [1.6, 1.7, 0.6, 0.62, 5, 0.01])
  }

  private static func penalty(_ kind: Penalty.Kind) -> GradientCase {
    policy(
      "\(kind)", token(temperature: 0.8, penalty: Penalty(kind, weight: 0.3)),
      ratios: [1.1, 2, 0.9, 0.5, 1, 1], toReference: [0.5, 2, 1, 30, 0.1, 1.5])
  }

  @GradientCaseList static var values: [GradientCase] {
    value("without a window", clip: nil)
    value("inside the window and outside", clip: 0.2)
  }

  private static func value(_ note: String, clip: Double?) -> GradientCase {
    // Within the window; beyond it towards the target; beyond it away from the target.
    let (old, targets): ([Float], [Double]) = ([0.5, 0.1, 1.2, 0.4], [1, 2, 1, 1.3])
    let predictions = Tensor([0.6, 0.9, 2.1, 0.1], shape: [4, 1])
    let weights = [0.25, 0.5, 0.125, 0.25]
    return GradientCase("valueLoss", note, of: predictions) {
      $0[0].valueLoss(targets: targets, old: old, weights: weights, clip: clip)
    } twin: { x in
      [
        x[0].indices.reduce(0.0) { sum, i in
          let plain = pow(x[0][i] - targets[i], 2)
          guard let clip else { return sum + weights[i] * plain / 2 }
          let near = Double(old[i]) + min(max(x[0][i] - Double(old[i]), -clip), clip)
          return sum + weights[i] * max(plain, pow(near - targets[i], 2)) / 2
        }
      ]
    }
  }
}
