import Tensors

/// Loops over the affinities of all experts, for the balance losses.
extension Tensor {
  /// The mean over the rows of the shares' products with the slopes of their run.
  func balance(_ slopes: [Float], _ length: Int) -> Float {
    var mean = 0.0
    forEachShare(slopes, length) { _, inner, _ in mean += Double(inner) }
    return Float(mean / Double(max(rows, 1)))
  }

  /// The gradient of the affinities.
  func balanceShares(_ slopes: [Float], _ length: Int, _ upstream: Float) -> Tensor {
    let result = Tensor(uninitialized: shape)
    let (out, width, factor) = (result.fresh, columns, upstream / Float(max(rows, 1)))
    forEachShare(slopes, length) { row, inner, sum in
      let run = row / length * width
      for j in 0..<width { out[row * width + j] = factor * (slopes[run + j] - inner) / sum }
    }
    return result
  }

  /// Tells for each row Σ c s / Σ s and Σ s.
  private func forEachShare(
    _ slopes: [Float], _ length: Int, _ body: (_ row: Int, _ inner: Float, _ sum: Float) -> Void
  ) {
    let width = columns
    insist(
      length > 0 && slopes.count == (rows + length - 1) / length * width,
      "balance: \(slopes.count) slopes for runs of \(length) among \(shape)")
    withScalars { s in
      guard let base = s.baseAddress else { return }
      slopes.withUnsafeBufferPointer { slopes in
        guard let slopes = slopes.baseAddress else { return }
        for row in 0..<rows {
          let sum = RowKernel.sum(width, base + row * width)
          let inner = MatrixProductKernel.dot(
            width, base + row * width, slopes + row / length * width)
          body(row, inner / sum, sum)
        }
      }
    }
  }
}
