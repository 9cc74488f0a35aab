import Tensors

/// What is done to single rows between the products of a mixture.
package enum MixtureRows {
  /// Gates one row: silu(g) ∘ u, with g and u side by side.
  @inline(__always)
  package static func gate(
    _ n: Int, _ gu: UnsafePointer<Float>, into h: UnsafeMutablePointer<Float>
  ) {
    var j = 0
    while j &+ 8 <= n {
      let g = load(gu + j)
      store(g * logistic(g) * load(gu + n + j), h + j)
      j &+= 8
    }
    while j < n {
      h[j] = gu[j] * logistic(gu[j]) * gu[n + j]
      j &+= 1
    }
  }

  /// The gradients of gate and up, given z = W_downᵀ ȳ; returns that of the row's weight.
  ///
  /// With s = σ(g) and h = g s u: weight ← ⟨z, h⟩, and with h̄ = weight · z,
  /// ū = h̄ g s and ḡ = h̄ u s (1 + g (1 − s)). Also leaves weight · h, of which W̄_down is made.
  @inline(__always)
  package static func gatePullback(
    _ n: Int, _ gu: UnsafePointer<Float>, _ z: UnsafePointer<Float>, weight: Float,
    into d: UnsafeMutablePointer<Float>, weighed: UnsafeMutablePointer<Float>
  ) -> Float {
    let w = Lanes(repeating: weight)
    var sums = Lanes.zero
    var j = 0
    while j &+ 8 <= n {
      let (g, u, z) = (load(gu + j), load(gu + n + j), load(z + j))
      let s = logistic(g)
      let open = g * s
      let h = open * u
      sums = adding(sums, z, h)
      let dh = w * z
      store(w * h, weighed + j)
      store(dh * u * s * adding(Lanes(repeating: 1), g, 1 - s), d + j)
      store(dh * open, d + n + j)
      j &+= 8
    }
    var sum = total(sums)
    while j < n {
      let (g, u) = (gu[j], gu[n + j])
      let s = logistic(g)
      let h = g * s * u
      sum = adding(sum, z[j], h)
      weighed[j] = weight * h
      d[j] = weight * z[j] * u * s * adding(1, g, 1 - s)
      d[n + j] = weight * z[j] * g * s
      j &+= 1
    }
    return sum
  }

  /// The sum of the rows at a token's places, each times its weight if there are weights.
  @inline(__always)
  static func sum(
    _ n: Int, _ active: Int, _ rows: UnsafePointer<Float>, _ places: [Int32], _ first: Int,
    _ weights: UnsafePointer<Float>?, into out: UnsafeMutablePointer<Float>
  ) {
    var isEmpty = true
    for slot in first..<first + active {
      let place = Int(places[slot])
      guard place >= 0 else { continue }
      let row = rows + place * n
      let weight = weights?[slot] ?? 1
      if isEmpty {
        for j in 0..<n { out[j] = weight * row[j] }
        isEmpty = false
      } else {
        MatrixProductKernel.addScaled(n, weight, row, 1, to: out)
      }
    }
    if isEmpty { out.update(repeating: 0, count: n) }
  }
}
