import Distillation
import Foundation
import TestSupport

/// The distillation loss written plainly, in Double.
struct DivergenceTwin {
  let divergence: Divergence
  let teacher: [Double]
  let targets: [Int]
  let width: Int
  var divisor: Int?

  /// The softmax of a row at a temperature.
  static func softmax(_ row: [Double], _ temperature: Double = 1) -> [Double] {
    let highest = row.max() ?? 0
    let powers = row.map { exp(($0 - highest) / temperature) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }

  /// KL(P ‖ Q).
  static func kl(_ p: [Double], _ q: [Double]) -> Double {
    zip(p, q).reduce(0) { $0 + ($1.0 == 0 ? 0 : $1.0 * log($1.0 / $1.1)) }
  }

  /// ℓ of one position, without τ².
  static func term(
    _ divergence: Divergence, _ t: [Double], _ s: [Double], target: Int
  ) -> Double {
    switch divergence.kind {
    case .sequence: return -log(s[target])
    case .forward: return kl(t, s)
    case .reverse: return kl(s, t)
    case .jensenShannon(let beta):
      let m = zip(t, s).map { beta * $0 + (1 - beta) * $1 }
      let value = beta * kl(t, m) + (1 - beta) * kl(s, m)
      return divergence.isScaled ? value / (beta * (1 - beta)) : value
    }
  }

  /// L of some logits.
  func loss(_ student: [Double]) -> Double {
    let tau = divergence.temperature
    let terms = targets.indices.filter { targets[$0] >= 0 }.map { row in
      let place = row * width..<(row + 1) * width
      return tau * tau
        * Self.term(
          divergence, Self.softmax(Array(teacher[place]), tau),
          Self.softmax(Array(student[place]), tau), target: targets[row])
    }
    return terms.reduce(0, +) / Double(max(divisor ?? terms.count, 1))
  }
}
