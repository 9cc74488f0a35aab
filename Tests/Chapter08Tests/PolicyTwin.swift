import Foundation
import RL
import Tensors

/// The policy loss written plainly, in Double, with no fused operation and no saved gradient.
struct PolicyTwin {
  let tokens: PolicyTokens
  let objective: Objective
  let width: Int

  /// log π of each token, from the hidden rows and the head.
  static func logProbabilities(
    _ x: [Double], _ head: [Double], _ tokens: [Int], width: Int, temperature: Double
  ) -> [Double] {
    tokens.enumerated().map { row, token in
      let logits = logits(x, head, row: row, width: width, temperature: temperature)
      return logits[token] - log(logits.reduce(0) { $0 + exp($1) })
    }
  }

  private static func logits(
    _ x: [Double], _ head: [Double], row: Int, width: Int, temperature: Double
  ) -> [Double] {
    (0..<head.count / width).map { j in
      (0..<width).reduce(0.0) { $0 + x[row * width + $1] * head[j * width + $1] } / temperature
    }
  }

  /// −J.
  func loss(_ x: [Double], _ head: [Double]) -> Double {
    let logs = Self.logProbabilities(
      x, head, tokens.tokens, width: width, temperature: objective.temperature)
    let old = tokens.old.map(Double.init)
    let reference = tokens.reference.map(Double.init)
    guard objective.ratio == .sequence else {
      return logs.indices.reduce(0.0) { sum, i in
        sum - tokens.weights[i]
          * term(
            logs[i], old[i], reference.isEmpty ? nil : reference[i], tokens.advantages[i])
      }
    }
    var (sum, start) = (0.0, 0)
    for length in tokens.lengths {
      let rows = start..<start + length
      let all: ([Double]) -> Double = { $0[rows].reduce(0, +) }
      sum -=
        tokens.weights[start]
        * term(
          all(logs), all(old), reference.isEmpty ? nil : all(reference),
          tokens.advantages[start])
      start += length
    }
    return sum
  }

  private func term(_ log: Double, _ old: Double, _ reference: Double?, _ a: Double) -> Double {
    let ratio = exp(log - old)
    var value = ratio * a
    if objective.ratio == .none { value = a * log }
    if objective.ratio != .none, let clip = objective.clip {
      value = min(ratio * a, min(max(ratio, 1 - clip.low), 1 + clip.high) * a)
      if let dual = clip.dual, a < 0 { value = max(value, dual * a) }
    }
    guard let reference else { return value }
    let d = min(max(reference - log, -objective.penalty.clamp), objective.penalty.clamp)
    let k: Double =
      switch objective.penalty.kind {
      case .k1: -d
      case .k2: d * d / 2
      case .k3: exp(d) - d - 1
      }
    return value - objective.penalty.weight * k
  }
}
