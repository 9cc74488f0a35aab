/// Loops that apply a function to every entry.
extension Tensor {
  /// Applies a function to each entry.
  @inline(__always)
  package func mapped(_ body: (Float) -> Float) -> Tensor {
    var result = Tensor(uninitialized: shape)
    let x = address
    result.withMutableScalars { out in
      for i in 0..<out.count { out[i] = body(x[i]) }
    }
    withExtendedLifetime(self) {}
    return result
  }

  /// Applies a costly function, eight entries at a time, on several threads when that pays.
  @inline(__always)
  func mappedByLanes(_ body: @Sendable (Lanes) -> Lanes) -> Tensor {
    combinedByLanes(with: self) { x, _ in body(x) }
  }

  /// Applies a costly function of two tensors of one shape, eight entries at a time.
  @inline(__always)
  func combinedByLanes(
    with other: Tensor, _ body: @Sendable (Lanes, Lanes) -> Lanes
  ) -> Tensor {
    insist(shape == other.shape, "\(shape) and \(other.shape); the shapes must agree")
    let result = Tensor(uninitialized: shape)
    let count = self.count
    nonisolated(unsafe) let (a, b, out) = (address, other.address, result.fresh)
    let block = 1 << 14
    Threads.forEachBlock((count + block - 1) / block, work: 24 * count) { index in
      let end = min(count, (index + 1) * block)
      var i = index * block
      while i &+ 8 <= end {
        store(body(load(a + i), load(b + i)), out + i)
        i &+= 8
      }
      guard i < end else { return }
      var (x, y) = (Lanes.zero, Lanes.zero)
      for lane in 0..<(end - i) {
        x[lane] = a[i + lane]
        y[lane] = b[i + lane]
      }
      let rest = body(x, y)
      for lane in 0..<(end - i) { out[i + lane] = rest[lane] }
    }
    withExtendedLifetime((self, other)) {}
    return result
  }
}

extension Tensor {
  /// The exponential; 0 below -87, infinite above 88.3, NaN for NaN.
  package func exponentials() -> Tensor {
    mappedByLanes { x in
      let highest = Lanes(repeating: 88.3)
      return RowKernel.vanishing(x).replacing(with: .infinity, where: x .> highest)
    }
  }

  /// The logistic function, 1 / (1 + e⁻ˣ); NaN for NaN.
  package func sigmoids() -> Tensor {
    mappedByLanes { x in logistic(x).replacing(with: x, where: x .!= x) }
  }

  /// x / (1 + e⁻ˣ).
  package func silus() -> Tensor { mappedByLanes { x in x * logistic(x) } }

  /// The derivative of x / (1 + e⁻ˣ), times an upstream gradient.
  func siluShare(of upstream: Tensor) -> Tensor {
    combinedByLanes(with: upstream) { x, upstream in
      let s = logistic(x)
      return upstream * s * (1 + x * (1 - s))
    }
  }
}
