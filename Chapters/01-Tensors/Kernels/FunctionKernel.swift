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
    var result = Tensor(uninitialized: shape)
    let (a, b, count) = (address, other.address, self.count)
    result.withMutableScalars { target in
      guard let base = target.baseAddress else { return }
      let run = Run(a: a, b: b, out: base)
      let blocks = (count + Run.length - 1) / Run.length
      Threads.forEachBlock(blocks, work: 24 * count) { block in
        let end = min(count, (block + 1) * Run.length)
        var i = block * Run.length
        while i &+ 8 <= end {
          store(body(load(run.a + i), load(run.b + i)), run.out + i)
          i &+= 8
        }
        guard i < end else { return }
        var (x, y) = (Lanes.zero, Lanes.zero)
        for lane in 0..<(end - i) {
          x[lane] = run.a[i + lane]
          y[lane] = run.b[i + lane]
        }
        let rest = body(x, y)
        for lane in 0..<(end - i) { run.out[i + lane] = rest[lane] }
      }
    }
    withExtendedLifetime((self, other)) {}
    return result
  }

  private struct Run: @unchecked Sendable {
    /// The entries of one block; a whole number of vectors.
    static let length = 1 << 14
    let a, b: UnsafePointer<Float>
    let out: UnsafeMutablePointer<Float>
  }
}

extension Tensor {
  /// The exponential; 0 below -87.3, infinite above 88.3, NaN for NaN.
  package func exponentials() -> Tensor {
    mappedByLanes { x in
      var y = exponential(x)
      y = y.replacing(with: 0, where: x .< Lanes(repeating: -87.3))
      y = y.replacing(with: .infinity, where: x .> Lanes(repeating: 88.3))
      return y.replacing(with: x, where: x .!= x)
    }
  }

  /// The logistic function, 1 / (1 + e⁻ˣ).
  package func sigmoids() -> Tensor {
    mappedByLanes { x in sigmoid(x).replacing(with: x, where: x .!= x) }
  }

  /// x / (1 + e⁻ˣ).
  package func silus() -> Tensor { mappedByLanes { x in x * sigmoid(x) } }

  /// The derivative of x / (1 + e⁻ˣ), times an upstream gradient.
  func siluShare(of upstream: Tensor) -> Tensor {
    combinedByLanes(with: upstream) { x, upstream in
      let s = sigmoid(x)
      return upstream * s * (1 + x * (1 - s))
    }
  }
}

/// The logistic function, lane by lane.
@inline(__always)
func sigmoid(_ x: Lanes) -> Lanes { 1 / (1 + exponential(-x)) }
