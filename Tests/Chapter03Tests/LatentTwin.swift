import Attention
import Checkpoints
import Foundation
import MLA
import Tensors
import TestSupport

/// Latent attention written as its equations, in Double, in both of its forms.
struct LatentTwin {
  /// What an implementation may get wrong.
  enum Mistake: CaseIterable {
    /// The rotary part of a query is taken to be in front of its content part.
    case rotaryQueryFirst
    /// The rotary key is taken to be in front of the latent.
    case rotaryKeyFirst
    /// The values of a head are taken to be in front of its keys.
    case valuesFirst
    /// All heads' keys are taken to be in front of all heads' values.
    case headsInside
    /// The latent's norm covers the rotary key too.
    case normOverKey
    /// The latent is not normalised.
    case noNorm
    /// The scale is 1 / √contentWidth.
    case contentScale
    /// The rotary key is not turned.
    case stillKey
    /// A pair is two entries half a head apart instead of two neighbours, or the other way round.
    case otherPairs
  }

  let shape: LatentShape
  let rotary: RotaryEmbedding
  /// The rows of each matrix, and each norm as one row.
  let weights: [String: [[Double]]]
  var scale: Double
  var mistake: Mistake?

  init(_ layer: LatentAttention, rotary: RotaryEmbedding, scale: Double? = nil) {
    shape = layer.shape
    self.rotary = rotary
    self.scale = scale ?? 1 / Double(layer.shape.keyWidth).squareRoot()
    weights = Dictionary(
      uniqueKeysWithValues: layer.namedParameters.map { name, parameter in
        (name, rows(parameter.value.doubles, of: parameter.shape.last ?? 1))
      })
  }

  private var sizes: LatentAttentionSizes { shape.sizes }

  private func map(_ name: String, _ x: [Double]) -> [Double] {
    (weights["\(name).weight"] ?? []).map { dot($0, x) }
  }

  private func norm(_ name: String, _ x: [Double]) -> [Double] {
    let root = (dot(x, x) / Double(x.count) + 1e-6).squareRoot()
    return zip(x, weights["\(name).weight"]?[0] ?? []).map { $0 / root * $1 }
  }

  private func turned(_ x: [Double], at position: Int) -> [Double] {
    var result = x
    let isNeighbours = (rotary.layout == .interleaved) != (mistake == .otherPairs)
    for (pair, frequency) in rotary.frequencies.enumerated() {
      let angle = Double(position) * frequency
      let first = isNeighbours ? 2 * pair : pair
      let second = isNeighbours ? 2 * pair + 1 : pair + rotary.frequencies.count
      result[first] = rotary.amplitude * (x[first] * cos(angle) - x[second] * sin(angle))
      result[second] = rotary.amplitude * (x[first] * sin(angle) + x[second] * cos(angle))
    }
    return result
  }

  /// The first part and the second part of a list, or in the wrong order.
  private func parts(_ x: [Double], _ first: Int, swapped: Bool) -> ([Double], [Double]) {
    swapped
      ? (Array(x[(x.count - first)...]), Array(x[..<(x.count - first)]))
      : (Array(x[..<first]), Array(x[first...]))
  }

  /// q^C and q^R of each head.
  private func queries(_ x: [Double], at position: Int) -> [(
    content: [Double], rotary: [Double]
  )] {
    let q =
      sizes.queryRank == nil
      ? map("q_proj", x) : map("q_b_proj", norm("q_a_layernorm", map("q_a_proj", x)))
    return rows(q, of: shape.keyWidth).map { head in
      let (content, rotary) = parts(
        head, sizes.contentWidth, swapped: mistake == .rotaryQueryFirst)
      return (content, turned(rotary, at: position))
    }
  }

  /// c and k^R: what the cache keeps.
  func kept(_ x: [Double], at position: Int) -> (latent: [Double], key: [Double]) {
    let both = map("kv_a_proj_with_mqa", x)
    var (latent, key) = parts(both, sizes.keyValueRank, swapped: mistake == .rotaryKeyFirst)
    if mistake == .normOverKey {
      let root = (dot(both, both) / Double(both.count) + 1e-6).squareRoot()
      let weight = weights["kv_a_layernorm.weight"]?[0] ?? []
      (latent, key) = (zip(latent, weight).map { $0 / root * $1 }, key.map { $0 / root })
    } else if mistake != .noNorm {
      latent = norm("kv_a_layernorm", latent)
    }
    return (latent, mistake == .stillKey ? key : turned(key, at: position))
  }

  /// The rows of kv_b_proj that make the keys of a head, and those that make its values.
  private func expansion(_ head: Int) -> (keys: [[Double]], values: [[Double]]) {
    let all = weights["kv_b_proj.weight"] ?? []
    let (keys, values) = (sizes.contentWidth, sizes.valueWidth)
    switch mistake {
    case .valuesFirst:
      let own = Array(all[head * (keys + values)..<(head + 1) * (keys + values)])
      return (Array(own[values...]), Array(own[..<values]))
    case .headsInside:
      let behind = shape.heads * keys
      return (
        Array(all[head * keys..<(head + 1) * keys]),
        Array(all[behind + head * values..<behind + (head + 1) * values])
      )
    default:
      let own = Array(all[head * (keys + values)..<(head + 1) * (keys + values)])
      return (Array(own[..<keys]), Array(own[keys...]))
    }
  }

  private var factor: Double {
    mistake == .contentScale ? 1 / Double(sizes.contentWidth).squareRoot() : scale
  }

  /// u_t = W^O [o_1; …], with o_i = Σ_j softmax_j(τ (q^C_i · k^C_ij + q^R_i · k^R_j)) v_ij.
  func expanded(_ x: [[Double]], from start: Int = 0) -> [[Double]] {
    let kept = x.enumerated().map { self.kept($0.element, at: start + $0.offset) }
    return x.indices.map { t in
      let queries = queries(x[t], at: start + t)
      let outputs = (0..<shape.heads).flatMap { h -> [Double] in
        let (keyRows, valueRows) = expansion(h)
        let scores = (0...t).map { j -> Double in
          let key = keyRows.map { dot($0, kept[j].latent) }
          return factor * (dot(queries[h].content, key) + dot(queries[h].rotary, kept[j].key))
        }
        let values = (0...t).map { j in valueRows.map { dot($0, kept[j].latent) } }
        return mean(values, softmax(scores))
      }
      return map("o_proj", outputs)
    }
  }

  /// The same through q̃_i = W^UK_iᵀ q^C_i and õ_i = Σ_j p_j c_j, o_i = W^UV_i õ_i.
  func absorbed(_ x: [[Double]], from start: Int = 0) -> [[Double]] {
    let kept = x.enumerated().map { self.kept($0.element, at: start + $0.offset) }
    return x.indices.map { t in
      let queries = queries(x[t], at: start + t)
      let outputs = (0..<shape.heads).flatMap { h -> [Double] in
        let (keyRows, valueRows) = expansion(h)
        let down = (0..<sizes.keyValueRank).map { c in
          dot(queries[h].content, keyRows.map { $0[c] })
        }
        let scores = (0...t).map { j in
          factor * (dot(down, kept[j].latent) + dot(queries[h].rotary, kept[j].key))
        }
        let latent = mean((0...t).map { kept[$0].latent }, softmax(scores))
        return valueRows.map { dot($0, latent) }
      }
      return map("o_proj", outputs)
    }
  }
}

/// The sum of the products of two lists.
func dot(_ a: [Double], _ b: [Double]) -> Double {
  zip(a, b).reduce(0.0) { $0 + $1.0 * $1.1 }
}

/// exp(xᵢ − max) over their sum.
func softmax(_ x: [Double]) -> [Double] {
  let highest = x.max() ?? 0
  let powers = x.map { exp($0 - highest) }
  let sum = powers.reduce(0, +)
  return powers.map { $0 / sum }
}

/// The weighted sum of lists of equal length.
func mean(_ lists: [[Double]], _ weights: [Double]) -> [Double] {
  lists[0].indices.map { c in zip(lists, weights).reduce(0.0) { $0 + $1.0[c] * $1.1 } }
}
