import Checkpoints
import Foundation

/// The rules of a router in Double, one token at a time, as the papers write them.
struct RouterTwin {
  let sizes: ExpertSizes

  func affinities(_ logits: [Double]) -> [Double] {
    guard sizes.scoring == .softmax else { return logits.map { 1 / (1 + exp(-$0)) } }
    let raised = logits.map { exp($0 - (logits.max() ?? 0)) }
    return raised.map { $0 / raised.reduce(0, +) }
  }

  func choice(_ affinities: [Double], bias: [Double]) -> [Int] {
    var ranks = zip(affinities, bias).map { $0 + $1 }
    if sizes.selection != .greedy {
      let size = sizes.count / sizes.groups
      let scores = (0..<sizes.groups).map { group in
        let own = ranks[group * size..<(group + 1) * size].sorted(by: >)
        return sizes.selection == .biased ? own.prefix(2).reduce(0, +) : own[0]
      }
      let kept = best(sizes.activeGroups, of: scores)
      for expert in ranks.indices where !kept.contains(expert / size) {
        ranks[expert] = -.infinity
      }
    }
    return best(sizes.active, of: ranks)
  }

  func weights(_ affinities: [Double], _ experts: [Int]) -> [Double] {
    let sum = sizes.normalizes ? experts.reduce(1e-20) { $0 + affinities[$1] } : 1
    return experts.map { sizes.scale * affinities[$0] / sum }
  }

  private func best(_ count: Int, of numbers: [Double]) -> [Int] {
    let order = numbers.indices.sorted {
      numbers[$0] > numbers[$1] || numbers[$0] == numbers[$1] && $0 < $1
    }
    return Array(order.prefix(count))
  }
}

/// A mixture in Double: every expert works on every token, and a mask decides what counts.
struct MixtureTwin {
  let width, hidden, active: Int
  /// The experts of each token.
  let choice: [Int]

  /// - Parameter weights: gate, up and down of each expert, in this order.
  func callAsFunction(
    _ x: [Double], _ gates: [Double], _ weights: [[Double]]
  ) -> [Double] {
    let tokens = x.count / width
    return (0..<tokens).flatMap { token -> [Double] in
      let row = Array(x[token * width..<(token + 1) * width])
      var sum = [Double](repeating: 0, count: width)
      for expert in 0..<weights.count / 3 {
        let output = expertOutput(row, Array(weights[3 * expert..<3 * expert + 3]))
        for slot in token * active..<(token + 1) * active {
          let mask = choice[slot] == expert ? gates[slot] : 0
          for i in 0..<width { sum[i] += mask * output[i] }
        }
      }
      return sum
    }
  }

  func expertOutput(_ row: [Double], _ weights: [[Double]]) -> [Double] {
    let (gate, up) = (product(weights[0], row), product(weights[1], row))
    let h = zip(gate, up).map { $0 / (1 + exp(-$0)) * $1 }
    return product(weights[2], h)
  }

  private func product(_ matrix: [Double], _ row: [Double]) -> [Double] {
    stride(from: 0, to: matrix.count, by: row.count).map { start in
      row.indices.reduce(0.0) { $0 + matrix[start + $1] * row[$1] }
    }
  }
}
