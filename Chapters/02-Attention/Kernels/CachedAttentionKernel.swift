import Tensors

/// Rows that are appended one after another; the memory doubles when it is full.
package struct GrowingRows {
  /// The rows, and behind them room for more.
  package private(set) var tensor: Tensor
  /// The number of rows in use.
  package private(set) var count = 0

  /// Creates room for some rows.
  package init(columns: Int) { tensor = Tensor(uninitialized: [16, columns]) }

  /// Appends some rows of a matrix.
  package mutating func append(_ matrix: Tensor, rows: Range<Int>) {
    insist(
      matrix.columns == tensor.columns,
      "append: rows of \(matrix.columns) to rows of \(tensor.columns)")
    append(matrix, rows: rows, at: 0)
    count += rows.count
  }

  /// Appends rows that are made of the rows of two matrices, side by side.
  package mutating func append(_ left: Tensor, _ right: Tensor, rows: Range<Int>) {
    append(left, rows: rows, at: 0)
    append(right, rows: rows, at: left.columns)
    count += rows.count
  }

  /// Writes some rows of a matrix behind the rows in use, from a column on.
  private mutating func append(_ matrix: Tensor, rows: Range<Int>, at column: Int) {
    let (width, part) = (tensor.columns, matrix.columns)
    insist(
      column + part <= width, "append: \(part) columns from \(column) on in rows of \(width)")
    let needed = count + rows.count
    if needed > tensor.rows {
      var larger = Tensor(uninitialized: [max(needed, 2 * tensor.rows), width])
      larger.overwrite(with: tensor, from: 0, count: count * width)
      tensor = larger
    }
    let first = count
    tensor.withMutableScalars { target in
      matrix.withScalars { source in
        guard let out = target.baseAddress, let base = source.baseAddress else { return }
        for (index, row) in rows.enumerated() {
          let place = out + (first + index) * width + column
          place.update(from: base + row * part, count: part)
        }
      }
    }
  }

  package mutating func truncate(to length: Int) {
    insist(length >= 0 && length <= count, "truncate: \(length) of \(count) rows")
    count = length
  }
}

extension Tensor {
  /// Copies the first entries of another tensor over entries of this one.
  fileprivate mutating func overwrite(with other: Tensor, from start: Int, count: Int) {
    withMutableScalars { target in
      other.withScalars { source in
        guard let out = target.baseAddress, let base = source.baseAddress else { return }
        (out + start).update(from: base, count: count)
      }
    }
  }

  /// Lays matrices of equal width one below the other.
  package static func stacked(rowsOf parts: [Tensor]) -> Tensor {
    if parts.count == 1 { return parts[0] }
    let width = parts.first?.columns ?? 0
    var result = Tensor(uninitialized: [parts.reduce(0) { $0 + $1.rows }, width])
    var start = 0
    for part in parts {
      insist(part.columns == width, "stacked: rows of \(part.columns) among rows of \(width)")
      result.overwrite(with: part, from: start, count: part.count)
      start += part.count
    }
    return result
  }
}

/// Attention of new queries to cached keys, in which query i sees all but the newer tokens.
/// - Shape: q [new, heads · keyWidth], keys [≥ count, …] → [new, heads · valueWidth]
package func cachedAttention(
  _ q: Tensor, _ keys: Tensor, _ values: Tensor, count: Int, _ shape: AttentionShape
) -> Tensor {
  let new = q.rows
  let output = Tensor(uninitialized: [new, shape.heads * shape.valueWidth])
  let scores = Tensor(uninitialized: [new * count])
  let (keyRow, valueRow) = (keys.columns, values.columns)
  let (s, o) = (scores.fresh, output.fresh)
  for h in 0..<shape.heads {
    let pair = h / shape.group
    let k = Operand(keys.address + pair * shape.keyWidth, row: keyRow, column: 1)
    let v = Operand(values.address + pair * shape.valueWidth, row: valueRow, column: 1)
    MatrixProductKernel.serial(
      new, count, shape.keyWidth,
      Operand(q.address + h * shape.keyWidth, row: q.columns, column: 1), k.transposed,
      into: Result(s, row: count))
    for i in 0..<new {
      let (row, visible) = (s + i * count, count - new + i + 1)
      RowKernel.scale(visible, row, by: shape.scale)
      let maximum = RowKernel.maximum(visible, row)
      let sum = RowKernel.exponentials(visible, row, minus: maximum, into: row)
      RowKernel.scale(visible, row, by: 1 / sum)
      (row + visible).update(repeating: 0, count: count - visible)
    }
    MatrixProductKernel.serial(
      new, shape.valueWidth, count, Operand(s, row: count, column: 1), v,
      into: Result(o + h * shape.valueWidth, row: output.columns))
  }
  withExtendedLifetime((q, keys, values, scores)) {}
  return output
}
