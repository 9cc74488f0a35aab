extension Variable {
  /// Multiplies consecutive groups of rows, each by the transpose of its own weight.
  ///
  /// The rows that one expert serves lie together; group e holds `sizes[e]` of them.
  /// - Shape: x [rows, in], weights [out, in] each → [rows, out]
  public func groupedLinear(_ weights: [Parameter], sizes: [Int]) -> Variable {
    insist(
      weights.count == sizes.count && sizes.reduce(0, +) == shape[0],
      "groupedLinear: groups of \(sizes) cannot cover \(shape[0]) rows with \(weights.count) weights"
    )
    let leaves = weights.map { tape[$0] }
    let matrices = leaves.map(\.value)
    let x = value
    let y = x.groupedProduct(matrices, sizes: sizes, transposing: .right)
    return tape.record("groupedLinear", y, from: [self] + leaves) { upstream in
      let starts = sizes.indices.map { sizes[..<$0].reduce(0, +) }
      let input = Share.later {
        upstream.groupedProduct(matrices, sizes: sizes, transposing: .none)
      }
      return [input]
        + sizes.indices.map { group in
          let rows = starts[group]..<starts[group] + sizes[group]
          return .later { upstream.rows(rows).matmul(x.rows(rows), transposing: .left) }
        }
    }
  }
}

extension Tensor {
  /// Some consecutive rows of a matrix.
  package func rows(_ range: Range<Int>) -> Tensor {
    insist(
      shape.count == 2 && range.lowerBound >= 0 && range.upperBound <= shape[0],
      "rows: \(range) does not lie in \(shape)")
    return Tensor(shape: [range.count, columns]) { out in
      withScalars { source in
        _ = out.initialize(
          fromContentsOf: source[range.lowerBound * columns..<range.upperBound * columns])
      }
    }
  }

  /// Multiplies each group of rows by its own matrix, on one thread a group.
  package func groupedProduct(
    _ matrices: [Tensor], sizes: [Int], transposing sides: Transposition
  ) -> Tensor {
    let inputs = columns
    let outputs = matrices.first.map { sides.right ? $0.shape[0] : $0.shape[1] } ?? 0
    for matrix in matrices {
      let (inner, outer) = sides.right ? (1, 0) : (0, 1)
      insist(
        matrix.shape.count == 2 && matrix.shape[inner] == inputs
          && matrix.shape[outer] == outputs,
        "groupedProduct: rows of \(inputs) meet \(matrix.shape) transposing \(sides)")
    }
    let starts = sizes.indices.map { sizes[..<$0].reduce(0, +) }
    return groupedProduct(
      matrices, starts: starts, sizes: sizes, inputs, outputs, transposed: sides.right)
  }
}
