/// Loops that move whole rows, or single entries of rows, to and from places given by a list.
extension Tensor {
  /// Copies the rows at the given indices; a row is everything below one index of the first axis.
  /// - Shape: [n, rest…] → [indices, rest…]
  package func gathered(at indices: [Int]) -> Tensor {
    let (rows, width) = rowsOfFirstAxis("gathered")
    checkIndices(indices, below: rows, "gathered")
    let source = address
    let result = Tensor(shape: [indices.count] + shape.dropFirst()) { target in
      guard let base = target.baseAddress else { return }
      for (row, index) in indices.enumerated() {
        (base + row * width).update(from: source + index * width, count: width)
      }
    }
    withExtendedLifetime(self) {}
    return result
  }

  /// Adds each row to the row of a zero tensor that its index names, in the order of the list.
  /// - Shape: [indices, rest…] → [rows, rest…]
  package func scatterAdded(to indices: [Int], rows: Int) -> Tensor {
    let (given, width) = rowsOfFirstAxis("scatterAdded")
    insist(
      indices.count == given,
      "scatterAdded: \(shape) has \(given) rows, but there are \(indices.count) indices")
    checkIndices(indices, below: rows, "scatterAdded")
    var result = Tensor(shape: [rows] + shape.dropFirst())
    let source = address
    result.withMutableScalars { target in
      guard let base = target.baseAddress else { return }
      for (row, index) in indices.enumerated() {
        let (x, out) = (source + row * width, base + index * width)
        for i in 0..<width { out[i] += x[i] }
      }
    }
    withExtendedLifetime(self) {}
    return result
  }

  /// Copies k entries of each row, at the columns listed for it.
  /// - Shape: [rows…, n] → [rows…, k], with rows · k columns
  package func picked(at columns: [Int]) -> Tensor {
    let (rows, width) = (self.rows, self.columns)
    insist(
      rows > 0 && columns.count % rows == 0,
      "picked: \(columns.count) columns for \(rows) rows of \(shape); each row needs as many")
    checkIndices(columns, below: width, "picked")
    let k = columns.count / rows
    return withScalars { source in
      Tensor(shape: shape.dropLast() + [k]) { out in
        for (place, column) in columns.enumerated() {
          out[place] = source[place / k * width + column]
        }
      }
    }
  }

  /// Adds each entry to a zero tensor at its row and the column listed for it.
  /// - Shape: [rows…, k] → [rows…, width]
  package func unpicked(to columns: [Int], width: Int) -> Tensor {
    var result = Tensor(shape: shape.dropLast() + [width])
    let k = self.columns
    withScalars { source in
      result.withMutableScalars { out in
        for (place, column) in columns.enumerated() {
          out[place / k * width + column] += source[place]
        }
      }
    }
    return result
  }

  private func rowsOfFirstAxis(_ operation: StaticString) -> (rows: Int, width: Int) {
    insist(!shape.isEmpty, "\(operation): a scalar has no rows")
    return (shape[0], shape.dropFirst().reduce(1, *))
  }

  private func checkIndices(_ indices: [Int], below bound: Int, _ operation: StaticString) {
    for index in indices {
      insist(
        index >= 0 && index < bound,
        "\(operation): index \(index) is not below \(bound), as the shape \(shape) needs")
    }
  }
}

extension PackedColumns {
  /// Packs some rows of a matrix, in the order of a list, without copying them first.
  /// - Shape: [n, width] → [rows, width]
  package init(rows: UnsafeBufferPointer<Int32>, of matrix: UnsafePointer<Float>, width: Int) {
    let tile = MatrixProductKernel.tileColumns
    let depth = MatrixProductKernel.depth
    let padded = (width + tile - 1) / tile * tile
    let memory = Memory(count: rows.count * padded)
    for start in stride(from: 0, to: rows.count, by: depth) {
      let slice = min(depth, rows.count - start)
      for column in stride(from: 0, to: padded, by: tile) {
        let out = memory.base + start * padded + column * slice
        for row in 0..<slice {
          let source = matrix + Int(rows[start + row]) * width + column
          if column + tile <= width {
            store(load(source, as: Sixteen.self), out + row * tile)
          } else {
            for j in 0..<tile { out[row * tile + j] = column + j < width ? source[j] : 0 }
          }
        }
      }
    }
    self.init(memory: memory, k: rows.count, n: width, width: padded)
  }
}
