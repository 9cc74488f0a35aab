import Foundation
import Tensors

/// A prediction module written as its formulas, in Double, a row at a time.
struct ModuleTwin {
  /// The weights by their names in the module.
  var weights: [String: [Double]]
  let width: Int
  let heads: Int
  let keyValueHeads: Int
  let headWidth: Int
  let epsilon: Double
  let theta: Double

  init(_ module: any Module, width: Int, heads: Int, keyValueHeads: Int, headWidth: Int) {
    weights = [:]
    for (name, parameter) in module.namedParameters {
      weights[name] = parameter.value.scalars.map { Double($0) }
    }
    self.width = width
    self.heads = heads
    self.keyValueHeads = keyValueHeads
    self.headWidth = headWidth
    epsilon = 1e-6
    theta = 10_000
  }

  private func weight(_ name: String) -> [Double] { weights["\(name).weight"] ?? [] }

  /// norm(h), from which the head reads, for each row of a sequence.
  func output(_ hidden: [[Double]], with tokens: [Int]) -> [[Double]] {
    let embedding = rows(weight("embed_tokens"), of: width)
    let joined = zip(hidden, tokens).map { hidden, token in
      map(
        "eh_proj", norm("enorm", embedding[token]) + norm("hnorm", hidden))
    }
    let normed = joined.map { norm("input_layernorm", $0) }
    let afterAttention = zip(joined, attention(normed)).map { add($0, $1) }
    return afterAttention.map { row in
      let x = norm("post_attention_layernorm", row)
      let gated = zip(map("mlp.gate_proj", x), map("mlp.up_proj", x)).map { gate, up in
        gate / (1 + exp(-gate)) * up
      }
      return norm("shared_head.norm", add(row, map("mlp.down_proj", gated)))
    }
  }

  /// −Σ log p(target) / divisor.
  func loss(_ hidden: [[Double]], with tokens: [Int], targets: [Int], divisor: Int) -> Double {
    let losses = zip(output(hidden, with: tokens), targets).map { row, target in
      let logits = map("shared_head.head", row)
      return log(logits.reduce(0.0) { $0 + exp($1) }) - logits[target]
    }
    return losses.reduce(0, +) / Double(divisor)
  }

  private func attention(_ x: [[Double]]) -> [[Double]] {
    let q = x.enumerated().map { turned(map("self_attn.q_proj", $1), $0) }
    let k = x.enumerated().map { turned(map("self_attn.k_proj", $1), $0) }
    let v = x.map { map("self_attn.v_proj", $0) }
    return x.indices.map { row in
      let mixed = (0..<heads).flatMap { head -> [Double] in
        let shared = head / (heads / keyValueHeads)
        let query = part(q[row], head)
        let scores = (0...row).map { other -> Double in
          dot(query, part(k[other], shared)) / Double(headWidth).squareRoot()
        }
        let powers = scores.map { exp($0) }
        let sum = powers.reduce(0, +)
        return (0..<headWidth).map { column in
          (0...row).reduce(0.0) { $0 + powers[$1] / sum * part(v[$1], shared)[column] }
        }
      }
      return map("self_attn.o_proj", mixed)
    }
  }

  /// Turns entry i of every head with entry i + headWidth / 2.
  private func turned(_ row: [Double], _ position: Int) -> [Double] {
    let half = headWidth / 2
    var turned = row
    for start in stride(from: 0, to: row.count, by: headWidth) {
      for pair in 0..<half {
        let frequency = pow(theta, -2 * Double(pair) / Double(headWidth))
        let angle = Double(position) * frequency
        let (a, b) = (row[start + pair], row[start + pair + half])
        turned[start + pair] = a * cos(angle) - b * sin(angle)
        turned[start + pair + half] = a * sin(angle) + b * cos(angle)
      }
    }
    return turned
  }

  private func part(_ row: [Double], _ head: Int) -> [Double] {
    Array(row[head * headWidth..<(head + 1) * headWidth])
  }

  private func map(_ name: String, _ x: [Double]) -> [Double] {
    rows(weight(name), of: x.count).map { dot($0, x) }
  }

  private func norm(_ name: String, _ x: [Double]) -> [Double] {
    let square = dot(x, x) / Double(x.count)
    let factor = 1 / (square + epsilon).squareRoot()
    return zip(x, weight(name)).map { $0 * factor * $1 }
  }

  private func add(_ a: [Double], _ b: [Double]) -> [Double] { zip(a, b).map { $0 + $1 } }

  private func dot(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0.0) { $0 + $1.0 * $1.1 }
  }

  private func rows(_ numbers: [Double], of width: Int) -> [[Double]] {
    stride(from: 0, to: numbers.count, by: width).map { Array(numbers[$0..<($0 + width)]) }
  }
}
