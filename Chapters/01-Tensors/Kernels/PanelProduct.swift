/// Some rows of a right operand as the tile reads it: 16 columns at a time, row after row.
///
/// A packed operand has panels of 16 columns, one after the other. A row-major matrix can be read
/// in place too, when few rows of `a` meet it and packing would not pay.
package struct Panels: @unchecked Sendable {
  let base: UnsafePointer<Float>
  /// The way from one column to the next multiple of 16, divided by 16; and from row to row.
  let column, row: Int

  /// Describes packed panels that are so many rows deep.
  init(_ base: UnsafePointer<Float>, depth: Int) {
    self.init(base, column: depth, row: MatrixProductKernel.tileColumns)
  }

  /// Describes a matrix whose rows lie so far apart.
  ///
  /// The last 16 columns are read whole: a row must have so many, or others behind them.
  package init(inPlace base: UnsafePointer<Float>, row: Int) {
    self.init(base, column: 1, row: row)
  }

  private init(_ base: UnsafePointer<Float>, column: Int, row: Int) {
    self.base = base
    self.column = column
    self.row = row
  }

  /// The same columns from another row on.
  package func rows(from first: Int) -> Panels {
    Panels(base + first * row, column: column, row: row)
  }

  /// The same rows from another column on, which must be a multiple of 16.
  package func columns(from first: Int) -> Panels {
    Panels(base + first * column, column: column, row: row)
  }
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
      let columns = span(n - j)
      let (panel, beside) = (b.base + j * b.column, tileColumns * b.column)
      var i = 0
      while i < m {
        strip(
          min(tileRows, m - i), columns, k, a.base + i * a.row, a.row, a.column, panel, b.row,
          c.base + i * c.row + j, c.row, accumulating, beside: beside)
        i += tileRows
      }
      j += columns
    }
  }

  /// Up to six rows times a strip of columns, or times what is left of one.
  static func strip(
    _ m: Int, _ n: Int, _ k: Int, _ a: UnsafePointer<Float>, _ row: Int, _ step: Int,
    _ b: UnsafePointer<Float>, _ next: Int, _ c: UnsafeMutablePointer<Float>, _ width: Int,
    _ accumulating: Bool, beside: Int
  ) {
    if n >= tileColumns {
      return tiles(
        n, k, a, row, step, b, c, width, accumulating, next: next, height: m, beside: beside)
    }
    withUnsafeTemporaryAllocation(byteCount: 96 * 4, alignment: 64) { bytes in
      guard let start = bytes.baseAddress?.bindMemory(to: Float.self, capacity: 96) else {
        return
      }
      tiles(
        tileColumns, k, a, row, step, b, start, tileColumns, false, next: next, height: m,
        beside: beside)
      for i in 0..<m {
        for j in 0..<n {
          let value = start[i * tileColumns + j]
          c[i * width + j] = accumulating ? c[i * width + j] + value : value
        }
      }
    }
  }
}
