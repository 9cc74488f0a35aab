extension Tensor {
  /// The softmax of each row: eˣ divided by its sum, after the row's maximum is taken away.
  ///
  /// A row that is -∞ everywhere has no maximum to take away; its result is NaN, as in PyTorch.
  package func softmaxed() -> Tensor {
    let result = Tensor(uninitialized: shape)
    let width = columns
    nonisolated(unsafe) let (x, y) = (address, result.fresh)
    Rows.forEachBlock(rows, work: 20 * count) { _, range in
      for row in range {
        let (x, y) = (x + row * width, y + row * width)
        let sum = RowKernel.exponentials(width, x, minus: RowKernel.maximum(width, x), into: y)
        RowKernel.scale(width, y, by: 1 / sum)
      }
    }
    return result
  }

  /// The gradient of the rows before the softmax: x̄ = y ∘ (ȳ − Σ y ȳ).
  package func softmaxPullback(_ upstream: Tensor) -> Tensor {
    let result = Tensor(uninitialized: shape)
    let width = columns
    nonisolated(unsafe) let (y, g, out) = (address, upstream.address, result.fresh)
    Rows.forEachBlock(rows, work: 6 * count) { _, range in
      for row in range {
        let (y, g, out) = (y + row * width, g + row * width, out + row * width)
        let inner = MatrixProductKernel.dot(width, y, g)
        for j in 0..<width { out[j] = y[j] * (g[j] - inner) }
      }
    }
    return result
  }

  /// The logarithm of the softmax of each row: x − log Σ eˣ.
  package func logSoftmaxed() -> Tensor {
    let result = Tensor(uninitialized: shape)
    let width = columns
    nonisolated(unsafe) let (x, y) = (address, result.fresh)
    Rows.forEachBlock(rows, work: 20 * count) { _, range in
      for row in range {
        let (x, y) = (x + row * width, y + row * width)
        let normalizer = RowKernel.logSumExp(width, x)
        for j in 0..<width { y[j] = x[j] - normalizer }
      }
    }
    return result
  }

  /// The gradient before the logarithm of the softmax: x̄ = ȳ − eʸ Σ ȳ.
  package func logSoftmaxPullback(_ upstream: Tensor) -> Tensor {
    let result = Tensor(uninitialized: shape)
    let width = columns
    nonisolated(unsafe) let (y, g, out) = (address, upstream.address, result.fresh)
    Rows.forEachBlock(rows, work: 20 * count) { _, range in
      for row in range {
        let (y, g, out) = (y + row * width, g + row * width, out + row * width)
        let sum = RowKernel.sum(width, g)
        _ = RowKernel.exponentials(width, y, minus: 0, into: out)
        for j in 0..<width { out[j] = g[j] - out[j] * sum }
      }
    }
    return result
  }
}
