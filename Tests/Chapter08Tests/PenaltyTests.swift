import Foundation
import RL
import Tensors
import TestSupport
import Testing

/// A policy and a reference over a few tokens, with everything known in closed form.
private struct TwoPolicies {
  let logits: [Double]
  let other: [Double]

  static let example = TwoPolicies(
    logits: [0.3, -1.1, 0.8, 0.2, -0.4], other: [-0.6, 0.4, 0.9, -0.2, 0.1])

  static func softmax(_ z: [Double]) -> [Double] {
    let powers = z.map { exp($0) }
    return powers.map { $0 / powers.reduce(0, +) }
  }

  var policy: [Double] { Self.softmax(logits) }
  var reference: [Double] { Self.softmax(other) }

  /// KL(first ‖ second).
  static func divergence(_ first: [Double], _ second: [Double]) -> Double {
    zip(first, second).reduce(0) { $0 + $1.0 * log($1.0 / $1.1) }
  }

  /// The central differences of a function of the policy along its logits.
  func slopes(_ function: ([Double]) -> Double) -> [Double] {
    logits.indices.map { j in
      var (up, down) = (logits, logits)
      up[j] += 1e-5
      down[j] -= 1e-5
      return (function(Self.softmax(up)) - function(Self.softmax(down))) / 2e-5
    }
  }

  /// The expected gradient of a penalty in the loss, the samples being drawn from the policy.
  ///
  /// Every token stands in the batch once, with its probability as its weight, so that the
  /// expectation is exact.
  func expectedGradient(of kind: Penalty.Kind) -> (gradient: [Double], value: Double) {
    let objective = Objective(
      advantage: .centred, weight: .batchTokens, penalty: Penalty(kind, weight: 1, clamp: 50))
    var tokens = PolicyTokens()
    for (token, p) in policy.enumerated() {
      tokens.append(
        Response(
          tokens: [token], logProbabilities: [Float(log(p))], isTruncated: false,
          referenceLogProbabilities: [Float(log(reference[token]))]),
        advantage: 0, weight: p)
    }
    let tape = Tape()
    let head = Parameter(Tensor(logits.map { Float($0) }, shape: [logits.count, 1]))
    let ones = tape.constant(Tensor(repeating: 1, shape: [logits.count, 1]))
    let loss = ones.policyLoss(head: tape[head], of: tokens, objective).loss
    let value = Double(loss.value.scalar)
    return (tape.gradients(of: loss)[head]?.scalars.map(Double.init) ?? [], value)
  }
}

@Suite struct `Penalties` {
  private let pair = TwoPolicies.example

  @Test(arguments: Penalty.Kind.allCases)
  func `of k1 and k3 are worth the divergence from the reference, and k2 nearly`(
    _ kind: Penalty.Kind
  ) {
    let exact = TwoPolicies.divergence(pair.policy, pair.reference)
    let found = pair.expectedGradient(of: kind).value
    #expect(abs(found - exact) < (kind == .k2 ? 0.2 * exact : 1e-6))
  }

  @Test func `of k1 have no gradient at all in expectation`() {
    expectClose(
      pair.expectedGradient(of: .k1).gradient.map { Float($0 + 1) },
      [1, 1, 1, 1, 1])
  }

  @Test func `of k2 have the gradient of the divergence from the reference`() {
    let expected = pair.slopes { TwoPolicies.divergence($0, pair.reference) }
    expectClose(
      pair.expectedGradient(of: .k2).gradient.map { Float($0) }, expected, .gradient)
  }

  // Trap 7: the gradient belongs to the divergence in the other direction.
  @Test func `of k3 have the gradient of the divergence of the reference`() {
    let gradient = pair.expectedGradient(of: .k3).gradient
    let other = pair.slopes { TwoPolicies.divergence(pair.reference, $0) }
    expectClose(gradient.map { Float($0) }, other, .gradient)
    let believed = pair.slopes { TwoPolicies.divergence($0, pair.reference) }
    let gap = zip(gradient, believed).map { abs($0 - $1) }.max() ?? 0
    #expect(gap > 0.02)
  }

  @Test func `of k3 are never negative and vanish at the reference`() {
    for ratio in [0.01, 0.5, 1, 1.7, 40] {
      let found = divergence(toReference: ratio)
      #expect(ratio == 1 ? abs(found) < 1e-6 : found > 0, "ratio \(ratio)")
    }
    // With the sign of d turned, a ratio of 2 would cost 0.193 and not 2 − log 2 − 1.
    #expect(abs(divergence(toReference: 2) - 0.3069) < 1e-4)
  }

  // Trap 7: without the clamp e to the power of 200 would end the training with NaN.
  @Test func `stay finite when the policy has abandoned a token`() {
    let tokens = abandoned(by: 200)
    let tape = Tape()
    let x = tape.variable(Tensor(repeating: 1, shape: [1, 1]))
    let head = Parameter(Tensor([-100, 100], shape: [2, 1]))
    let (loss, statistics) = x.policyLoss(head: tape[head], of: tokens, .grpo)
    #expect(loss.value.scalar.isFinite && statistics.divergence.isFinite)
    #expect(tape.gradients(of: loss)[head]?.scalars.allSatisfy(\.isFinite) == true)
  }

  private func abandoned(by logs: Float) -> PolicyTokens {
    var tokens = PolicyTokens()
    tokens.append(
      Response(
        tokens: [0], logProbabilities: [-logs], isTruncated: false,
        referenceLogProbabilities: [0]), advantage: 1, weight: 1)
    return tokens
  }

  /// The k3 that an update reports at π_ref / π.
  private func divergence(toReference ratio: Double) -> Double {
    let (hidden, head, tokens) = Chapter08.sampled(
      .grpo, ratios: [1, 1, 1, 1, 1, 1], toReference: Array(repeating: ratio, count: 6),
      advantages: [1, 1, 1, 1, 1, 1])
    let tape = Tape(recording: false)
    return tape.constant(hidden).policyLoss(head: tape.constant(head), of: tokens, .grpo)
      .statistics.divergence
  }
}
