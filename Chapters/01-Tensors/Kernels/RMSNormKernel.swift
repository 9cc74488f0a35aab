extension Tensor {
  /// Divides each row by its root mean square and multiplies by a weight for each column.
  ///
  /// Returns the result and, for the pullback, one factor 1 / √(mean x² + ε) a row.
  package func rmsNormalized(weight: Tensor, epsilon: Float) -> (result: Tensor, scales: Tensor)
  {
    let result = Tensor(uninitialized: shape)
    let factors = Tensor(uninitialized: [rows])
    let width = columns
    nonisolated(unsafe) let (x, w) = (address, weight.address)
    nonisolated(unsafe) let (y, r) = (result.fresh, factors.fresh)
    Rows.forEachBlock(rows, work: 5 * count) { _, range in
      for row in range {
        let (x, y) = (x + row * width, y + row * width)
        let mean = MatrixProductKernel.dot(width, x, x) / Float(width)
        let scale = 1 / (mean + epsilon).squareRoot()
        r[row] = scale
        for j in 0..<width { y[j] = x[j] * scale * w[j] }
      }
    }
    return (result, factors)
  }

  /// The gradients of the rows and of the weight.
  ///
  /// x̄ = r (w ȳ − x r² mean(w ȳ x)) and w̄ = Σ over the rows of ȳ x r.
  package func rmsNormPullback(
    _ upstream: Tensor, weight: Tensor, scales: Tensor
  ) -> (input: Tensor, weight: Tensor) {
    let result = Tensor(uninitialized: shape)
    let width = columns
    // Each block sums its own rows; the blocks are added in order.
    var partial = Tensor(shape: [Rows.blockCount(rows), width])
    nonisolated(unsafe) let (x, w, r) = (address, weight.address, scales.address)
    nonisolated(unsafe) let (g, out) = (upstream.address, result.fresh)
    partial.withMutableScalars { sums in
      guard let base = sums.baseAddress else { return }
      nonisolated(unsafe) let sums = base
      Rows.forEachBlock(rows, work: 12 * count) { block, range in
        let sum = sums + block * width
        for row in range {
          let (x, g, out) = (x + row * width, g + row * width, out + row * width)
          let scale = r[row]
          var lanes = Lanes.zero
          var j = 0
          while j &+ 8 <= width {
            let product = load(x + j) * load(g + j)
            lanes = adding(lanes, product, load(w + j))
            store(adding(load(sum + j), product, Lanes(repeating: scale)), sum + j)
            j &+= 8
          }
          var inner = total(lanes)
          while j < width {
            inner += x[j] * g[j] * w[j]
            sum[j] += x[j] * g[j] * scale
            j &+= 1
          }
          let pull = inner * scale * scale / Float(width)
          for j in 0..<width { out[j] = scale * (w[j] * g[j] - x[j] * pull) }
        }
      }
    }
    return (result, partial.sumOfRows)
  }
}
