extension Tensor {
  /// Multiplies the SiLU of one tensor by another: g σ(g) u.
  package func swiGLU(_ other: Tensor) -> Tensor {
    let result = Tensor(uninitialized: shape)
    nonisolated(unsafe) let (g, u, y) = (address, other.address, result.fresh)
    Rows.forEachBlock((count + 7) / 8, work: 20 * count) { [count] _, range in
      for i in range {
        let j = i * 8
        if j + 8 <= count {
          let gate = load(g + j)
          store(gate * logistic(gate) * load(u + j), y + j)
        } else {
          for j in j..<count { y[j] = g[j] * logistic(g[j]) * u[j] }
        }
      }
    }
    return result
  }

  /// The gradients of the gate and of the other factor.
  ///
  /// With s = σ(g): ū = ȳ g s and ḡ = ȳ u s (1 + g (1 − s)).
  package func swiGLUPullback(_ upstream: Tensor, _ other: Tensor) -> (gate: Tensor, up: Tensor)
  {
    let (gates, ups) = (Tensor(uninitialized: shape), Tensor(uninitialized: shape))
    nonisolated(unsafe) let (g, u, d) = (address, other.address, upstream.address)
    nonisolated(unsafe) let (dg, du) = (gates.fresh, ups.fresh)
    Rows.forEachBlock((count + 7) / 8, work: 30 * count) { [count] _, range in
      for i in range {
        let j = i * 8
        if j + 8 <= count {
          let (gate, share) = (load(g + j), load(d + j))
          let s = logistic(gate)
          store(share * gate * s, du + j)
          store(share * load(u + j) * s * adding(Lanes(repeating: 1), gate, 1 - s), dg + j)
        } else {
          for j in j..<count {
            let s = logistic(g[j])
            du[j] = d[j] * g[j] * s
            dg[j] = d[j] * u[j] * s * adding(1, g[j], 1 - s)
          }
        }
      }
    }
    return (gates, ups)
  }
}

/// The logistic function 1 / (1 + e⁻ˣ), lane by lane.
@inlinable @inline(__always)
package func logistic(_ x: Lanes) -> Lanes { 1 / (1 + exponential(-x)) }

/// The logistic function of one number, with the bits of the eight-lane form.
@inlinable @inline(__always)
package func logistic(_ x: Float) -> Float { logistic(Lanes(repeating: x))[0] }
