/// Some rows of a packed right operand: panels of 16 columns, one after the other.
package struct Panels: @unchecked Sendable {
  let base: UnsafePointer<Float>
  let depth: Int

  /// Describes panels that are so many rows deep.
  package init(_ base: UnsafePointer<Float>, depth: Int) {
    self.base = base
    self.depth = depth
  }

  /// The same columns from another row on.
  package func rows(from first: Int) -> Panels {
    Panels(base + first * MatrixProductKernel.tileColumns, depth: depth)
  }

  /// The same rows from another column on, which must be a multiple of 16.
  package func columns(from first: Int) -> Panels { Panels(base + first * depth, depth: depth) }
}

/// Products with an operand that the caller packs once and uses in parts, as attention does.
extension MatrixProductKernel {
  /// The next multiple of the columns of a tile.
  package static func padded(_ n: Int) -> Int {
    (n + tileColumns - 1) / tileColumns * tileColumns
  }

  /// Packs k rows and n columns into k · padded(n) numbers.
  package static func pack(
    _ k: Int, _ n: Int, _ b: Operand, into memory: UnsafeMutablePointer<Float>
  ) -> Panels {
    packColumns(k, n, b, into: memory)
    return Panels(memory, depth: k)
  }

  /// Computes `c = a · b`, or `c += a · b`, for the first n columns of the panels.
  ///
  /// Nothing is packed and nothing is cut, so it suits operands that lie in the cache. One stride
  /// of `a` must be 1.
  package static func multiply(
    _ m: Int, _ n: Int, _ k: Int, _ a: Operand, _ b: Panels, into c: Result,
    accumulating: Bool = false
  ) {
    var j = 0
    while j < n {
      let columns = min(tileColumns, n - j)
      let panel = b.base + j * b.depth
      var i = 0
      while i < m {
        let height = min(tileRows, m - i)
        let (source, target) = (a.base + i * a.row, c.base + i * c.row + j)
        if columns < tileColumns {
          edge(height, columns, k, source, a.row, a.column, panel, target, c.row, accumulating)
        } else if height < tileRows {
          tile(
            k, source, a.row, a.column, panel, target, c.row, accumulating, height: height)
        } else if a.column == 1 {
          tile(k, source, a.row, 1, panel, target, c.row, accumulating)
        } else {
          tile(k, source, 1, a.column, panel, target, c.row, accumulating)
        }
        i += tileRows
      }
      j += tileColumns
    }
  }
}
