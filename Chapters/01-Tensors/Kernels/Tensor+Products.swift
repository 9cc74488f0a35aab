/// Products of tensors, laid on the matrix kernel.
extension Tensor {
  /// Multiplies matrices, one product for each index of the leading axes.
  /// - Shape: [batch…, m, k] · [batch…, k, n] → [batch…, m, n]
  public func matmul(_ other: Tensor, transposing sides: Transposition = .none) -> Tensor {
    // Computed when it is needed: a sentence costs more than a small product.
    var rule: String { "matmul: \(shape) × \(other.shape) transposing \(sides)" }
    insist(shape.count >= 2 && other.shape.count >= 2, "\(rule); both must be matrices")
    let batch = Array(shape.dropLast(2))
    insist(batch == Array(other.shape.dropLast(2)), "\(rule); the leading sizes must agree")
    let (rows, columns) = (shape[shape.count - 2], shape[shape.count - 1])
    let (otherRows, otherColumns) = (other.shape[shape.count - 2], other.shape[shape.count - 1])
    let (m, k) = sides.left ? (columns, rows) : (rows, columns)
    let (inner, n) = sides.right ? (otherColumns, otherRows) : (otherRows, otherColumns)
    insist(k == inner, "\(rule); the inner sizes \(k) and \(inner) must agree")

    var result = Tensor(uninitialized: batch + [m, n])
    let (a, b) = (address, other.address)
    let count = batch.reduce(1, *)
    result.withMutableScalars { out in
      guard let base = out.baseAddress else { return }
      let jobs = Batch(a: a, b: b, c: base)
      let one: @Sendable (Int) -> Void = { i in
        MatrixProductKernel.multiply(
          m, n, k,
          Operand(jobs.a + i * m * k, row: sides.left ? 1 : k, column: sides.left ? m : 1),
          Operand(jobs.b + i * k * n, row: sides.right ? 1 : n, column: sides.right ? k : 1),
          into: Result(jobs.c + i * m * n, row: n))
      }
      if count == 1 {
        one(0)
      } else {
        Threads.forEachBlock(count, work: 2 * count * m * n * k) { one($0) }
      }
    }
    withExtendedLifetime((self, other)) {}
    return result
  }

  private struct Batch: @unchecked Sendable {
    let a, b: UnsafePointer<Float>
    let c: UnsafeMutablePointer<Float>
  }

  /// Multiplies the rows of a tensor of any rank by a matrix.
  /// - Shape: [rows…, k] · [n, k]ᵀ → [rows…, n]
  package func rowsMatmul(_ other: Tensor, transposing: Transposition = .right) -> Tensor {
    let product = asRows.matmul(other, transposing: transposing)
    return product.reshaped(to: shape.dropLast() + [product.columns])
  }

  /// The matrix, or its transpose, as the right operand of several products.
  package func packedColumns(transposed: Bool) -> PackedColumns {
    insist(shape.count == 2, "packedColumns: \(shape) is not a matrix")
    let matrix = Operand(address, row: shape[1], column: 1)
    return transposed
      ? PackedColumns(shape[1], shape[0], matrix.transposed)
      : PackedColumns(shape[0], shape[1], matrix)
  }

  /// Multiplies the rows of a tensor of any rank by a packed matrix, and adds to `sum` if given.
  /// - Shape: [rows…, k] · [k, n] → [rows, n]
  package func rowsMatmul(_ packed: PackedColumns, addingTo sum: consuming Tensor? = nil)
    -> Tensor
  {
    insist(
      columns == packed.k, "rowsMatmul: rows of \(columns) meet a matrix of \(packed.k) rows")
    let isSum = sum != nil
    var result = sum ?? Tensor(uninitialized: [rows, packed.n])
    result.withMutableScalars { out in
      guard let base = out.baseAddress else { return }
      MatrixProductKernel.multiply(
        rows, Operand(address, row: columns, column: 1), packed,
        into: Result(base, row: packed.n), accumulating: isSum)
    }
    return result
  }

  /// The transpose of the rows times a packed matrix.
  /// - Shape: [k, rows]ᵀ · [k, n] → [rows, n]
  package func transposedMatmul(_ packed: PackedColumns) -> Tensor {
    let result = Tensor(uninitialized: [columns, packed.n])
    MatrixProductKernel.multiply(
      columns, Operand(address, row: 1, column: columns), packed,
      into: Result(result.fresh, row: packed.n))
    return result
  }

  /// The tensor as a matrix: all axes but the last laid end to end.
  package var asRows: Tensor { reshaped(to: [rows, columns]) }

  /// Adds one row to each row, in place.
  package mutating func addToRows(_ row: Tensor) {
    insist(
      row.shape == [columns], "addToRows: \(shape) + \(row.shape); the last sizes must agree")
    let width = columns
    row.withScalars { row in
      withMutableScalars { target in
        guard let base = target.baseAddress else { return }
        for start in stride(from: 0, to: target.count, by: max(width, 1)) {
          let out = base + start
          for j in 0..<width { out[j] += row[j] }
        }
      }
    }
  }

  /// The sum over all axes but the last.
  package var sumOfRows: Tensor {
    var sum = Tensor(shape: [columns])
    let width = columns
    withScalars { source in
      sum.withMutableScalars { sum in
        guard let base = source.baseAddress else { return }
        for start in stride(from: 0, to: source.count, by: max(width, 1)) {
          let row = base + start
          for j in 0..<width { sum[j] += row[j] }
        }
      }
    }
    return sum
  }
}

extension Tensor {
  /// The loop over the groups.
  func groupedProduct(
    _ matrices: [Tensor], starts: [Int], sizes: [Int], _ inputs: Int, _ outputs: Int,
    transposed: Bool
  ) -> Tensor {
    let result = Tensor(uninitialized: [rows, outputs])
    nonisolated(unsafe) let (x, y) = (address, result.fresh)
    Threads.forEachBlock(sizes.count, work: 2 * count * outputs) { group in
      let w = Operand(matrices[group].address, row: matrices[group].columns, column: 1)
      MatrixProductKernel.multiply(
        sizes[group], outputs, inputs,
        Operand(x + starts[group] * inputs, row: inputs, column: 1),
        transposed ? w.transposed : w,
        into: Result(y + starts[group] * outputs, row: outputs))
    }
    return result
  }
}
