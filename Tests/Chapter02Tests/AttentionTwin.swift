import Attention
import Foundation

/// Causal attention written as its formula, in Double, with all weights of a row at hand.
struct AttentionTwin {
  let shape: AttentionShape
  let sequences: Int
  let length: Int
  /// Where the document of each row begins in its sequence.
  var starts: [Int]?

  /// The entries of one head of one row in a matrix of rows.
  private func entries(
    _ sequence: Int, _ row: Int, _ head: Int, of heads: Int, _ width: Int
  ) -> Range<Int> {
    let start = ((sequence * length + row) * heads + head) * width
    return start..<start + width
  }

  private func query(_ s: Int, _ row: Int, _ h: Int) -> Range<Int> {
    entries(s, row, h, of: shape.heads, shape.keyWidth)
  }
  private func key(_ s: Int, _ row: Int, _ h: Int) -> Range<Int> {
    entries(s, row, h / shape.group, of: shape.keyValueHeads, shape.keyWidth)
  }
  private func value(_ s: Int, _ row: Int, _ h: Int) -> Range<Int> {
    entries(s, row, h / shape.group, of: shape.keyValueHeads, shape.valueWidth)
  }
  private func output(_ s: Int, _ row: Int, _ h: Int) -> Range<Int> {
    entries(s, row, h, of: shape.heads, shape.valueWidth)
  }

  /// softmax(τ qᵢ · kⱼ) over j ≤ i; zero for the documents before.
  private func weights(
    _ q: [Double], _ k: [Double], _ s: Int, _ i: Int, _ h: Int
  ) -> [Double] {
    let start = starts?[s * length + i] ?? 0
    let scores = (start...i).map { j in
      Double(shape.scale) * dot(q[query(s, i, h)], k[key(s, j, h)])
    }
    return [Double](repeating: 0, count: start) + softmax(scores)
  }

  private var everyRow: [(sequence: Int, head: Int, row: Int)] {
    (0..<sequences).flatMap { s in
      (0..<shape.heads).flatMap { h in (0..<length).map { (s, h, $0) } }
    }
  }

  /// oᵢ = Σⱼ wᵢⱼ vⱼ.
  func forward(_ q: [Double], _ k: [Double], _ v: [Double]) -> [Double] {
    var o = [Double](repeating: 0, count: sequences * length * shape.heads * shape.valueWidth)
    for (s, h, i) in everyRow {
      for (j, weight) in weights(q, k, s, i, h).enumerated() {
        add(weight, v[value(s, j, h)], to: &o, at: output(s, i, h))
      }
    }
    return o
  }

  /// The chain rule, step by step: v̄ⱼ = Σ wᵢⱼ ōᵢ, w̄ᵢⱼ = ōᵢ · vⱼ, s̄ = τ w ∘ (w̄ − Σ w w̄),
  /// q̄ᵢ = Σ s̄ᵢⱼ kⱼ, k̄ⱼ = Σ s̄ᵢⱼ qᵢ.
  func backward(
    _ upstream: [Double], _ q: [Double], _ k: [Double], _ v: [Double]
  ) -> (q: [Double], k: [Double], v: [Double]) {
    var dq = [Double](repeating: 0, count: q.count)
    var dk = [Double](repeating: 0, count: k.count)
    var dv = [Double](repeating: 0, count: v.count)
    for (s, h, i) in everyRow {
      let w = weights(q, k, s, i, h)
      let above = upstream[output(s, i, h)]
      let dw = w.indices.map { j in dot(above, v[value(s, j, h)]) }
      let mean = zip(w, dw).reduce(0.0) { $0 + $1.0 * $1.1 }
      for j in w.indices {
        let ds = w[j] * (dw[j] - mean) * Double(shape.scale)
        add(w[j], above, to: &dv, at: value(s, j, h))
        add(ds, k[key(s, j, h)], to: &dq, at: query(s, i, h))
        add(ds, q[query(s, i, h)], to: &dk, at: key(s, j, h))
      }
    }
    return (dq, dk, dv)
  }

  private func add(
    _ factor: Double, _ source: ArraySlice<Double>, to target: inout [Double],
    at range: Range<Int>
  ) {
    for (place, number) in zip(range, source) { target[place] += factor * number }
  }
}

/// The sum of the products of two lists.
func dot(_ a: ArraySlice<Double>, _ b: ArraySlice<Double>) -> Double {
  zip(a, b).reduce(0.0) { $0 + $1.0 * $1.1 }
}

/// exp(xᵢ − max) over their sum.
func softmax(_ x: [Double]) -> [Double] {
  let highest = x.max() ?? 0
  let powers = x.map { exp($0 - highest) }
  let sum = powers.reduce(0, +)
  return powers.map { $0 / sum }
}
