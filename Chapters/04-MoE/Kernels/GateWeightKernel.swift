import Tensors

/// Loops over the few affinities of each token that count.
extension Tensor {
  /// Each row divided by its sum, if asked for, and then scaled.
  func gateWeights(normalized: Bool, scale: Float) -> Tensor {
    let k = columns
    return withScalars { s in
      Tensor(shape: shape) { g in
        for row in stride(from: 0, to: count, by: k) {
          var sum: Float = 1e-20
          for j in row..<row + k { sum += s[j] }
          let factor = normalized ? scale / sum : scale
          for j in row..<row + k { g[j] = s[j] * factor }
        }
      }
    }
  }

  // snippet.gate-shares
  /// The gradient of the affinities, given that of the weights made of them.
  func gateWeightShares(_ upstream: Tensor, normalized: Bool, scale: Float) -> Tensor {
    guard normalized else { return upstream * scale }
    let k = columns
    return withScalars { s in
      upstream.withScalars { d in
        Tensor(shape: shape) { out in
          for row in stride(from: 0, to: count, by: k) {
            var (sum, mean): (Float, Float) = (1e-20, 0)
            for j in row..<row + k { sum += s[j] }
            for j in row..<row + k { mean += d[j] * s[j] / sum }
            for j in row..<row + k { out[j] = scale / sum * (d[j] - mean) }
          }
        }
      }
    }
  }
  // snippet.end
}
