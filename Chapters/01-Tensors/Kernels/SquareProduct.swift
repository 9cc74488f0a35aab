/// The product of a matrix with its own transpose.
///
/// The result is its own transpose, so what lies above the diagonal need not be computed.
extension MatrixProductKernel {
  /// Rows that are computed up to the end of their last column; what they exceed is wasted.
  private static let squareHeight = 4 * tileRows

  /// Computes `c = a · aᵀ` on the caller's thread.
  /// - Shape: a [m, k], c [m, m]
  static func square(_ m: Int, _ k: Int, _ a: Operand, into c: Result) {
    let memory = Memory(count: max(1, min(depth, k)) * padded(m))
    // Even a sum of nothing is written.
    for p in stride(from: 0, to: max(k, 1), by: depth) {
      let slice = min(depth, k - p)
      let part = Operand(a.base + p * a.column, row: a.row, column: a.column)
      let panels = pack(slice, m, part.transposed, into: memory.base)
      for i in stride(from: 0, to: m, by: squareHeight) {
        let rows = min(squareHeight, m - i)
        multiply(
          rows, i + rows, slice,
          Operand(part.base + i * a.row, row: a.row, column: a.column), panels,
          into: Result(c.base + i * c.row, row: c.row), accumulating: p > 0)
      }
    }
    withExtendedLifetime(memory) {}
    for i in 0..<m {
      for j in 0..<i { c.base[j * c.row + i] = c.base[i * c.row + j] }
    }
  }
}

extension Tensor {
  /// Multiplies a matrix by its own transpose, with a little over half of a product's work.
  ///
  /// X · Xᵀ transposing the right one, Xᵀ · X transposing the left one.
  /// - Shape: [m, k] → [m, m] or [k, k]
  package func square(transposing side: Transposition) -> Tensor {
    insist(
      shape.count == 2 && side.left != side.right,
      "square: \(shape) transposing \(side); one side of a matrix must be transposed")
    let rows = Operand(address, row: shape[1], column: 1)
    let (size, inner) = side.right ? (shape[0], shape[1]) : (shape[1], shape[0])
    let result = Tensor(uninitialized: [size, size])
    MatrixProductKernel.square(
      size, inner, side.right ? rows : rows.transposed,
      into: Result(result.fresh, row: size))
    return result
  }
}
