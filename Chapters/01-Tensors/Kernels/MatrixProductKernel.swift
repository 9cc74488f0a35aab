/// One operand of a product: entry (i, j) lies at `base[i · row + j · column]`.
///
/// A transposed matrix is the same memory with the two strides exchanged.
package struct Operand: @unchecked Sendable {
  let base: UnsafePointer<Float>
  let row, column: Int

  package init(_ base: UnsafePointer<Float>, row: Int, column: Int) {
    self.base = base
    self.row = row
    self.column = column
  }

  package var transposed: Operand { Operand(base, row: column, column: row) }
}

/// Where a product is written: entry (i, j) lies at `base[i · row + j]`.
package struct Result: @unchecked Sendable {
  let base: UnsafeMutablePointer<Float>
  let row: Int

  package init(_ base: UnsafeMutablePointer<Float>, row: Int) {
    self.base = base
    self.row = row
  }
}

/// A right operand laid out as the tile reads it, for several products with the same matrix.
package struct PackedColumns: Sendable {
  let memory: Memory
  let k, n, width: Int

  init(memory: Memory, k: Int, n: Int, width: Int) {
    (self.memory, self.k, self.n, self.width) = (memory, k, n, width)
  }

  /// Packs a matrix of k rows and n columns.
  package init(_ k: Int, _ n: Int, _ b: Operand) {
    let width =
      (n + MatrixProductKernel.tileColumns - 1) / MatrixProductKernel.tileColumns
      * MatrixProductKernel.tileColumns
    let memory = Memory(count: k * width)
    for p in stride(from: 0, to: k, by: MatrixProductKernel.depth) {
      MatrixProductKernel.packColumns(
        min(MatrixProductKernel.depth, k - p), n,
        Operand(b.base + p * b.row, row: b.row, column: b.column), into: memory.base + p * width
      )
    }
    (self.k, self.n, self.width, self.memory) = (k, n, width, memory)
  }
}

/// The packed, register-tiled matrix product.
@usableFromInline package enum MatrixProductKernel {
  /// Rows of a tile.
  ///
  /// Twelve accumulators, two vectors of `b` and one of `a` fill 15 of 16 registers.
  package static let tileRows = 6
  /// Columns of a tile: two vectors of eight.
  package static let tileColumns = 16
  #if WIDE
    /// Columns that are computed together: two tiles, so that there are twelve accumulators again.
    package static let stripColumns = 32
  #else
    /// Columns that are computed together: a tile.
    package static let stripColumns = 16
  #endif
  /// The depth of a packed panel: 16 columns of it are 16 KB, half of a first-level cache.
  static let depth = 256
  /// The rows of `a` between two passes over the panel; 72 × 256 numbers stay in the second level.
  static let height = 72
  /// Products with fewer rows read `b` in place: to lay it out for so few would cost more.
  static let fewRows = 4

  /// Computes `c = a · b`, or `c += a · b`, on several threads when it is large.
  ///
  /// Entry (i, j) is Σₚ aᵢₚ bₚⱼ in order of p within panels of 256, whatever the threads.
  /// - Shape: a [m, k], b [k, n], c [m, n]
  package static func multiply(
    _ m: Int, _ n: Int, _ k: Int, _ a: Operand, _ b: Operand, into c: Result,
    accumulating: Bool = false
  ) {
    guard m > 0, n > 0 else { return }
    // For few rows the time goes into fetching b: about forty operations for each of its numbers.
    let work = m < fewRows ? 40 * n * k : 2 * m * n * k
    guard work >= Threads.smallestShare else {
      return serial(m, n, k, a, b, into: c, accumulating: accumulating)
    }
    // Cut the longer side; a cut in whole tiles wastes nothing, and few rows take four columns at a time.
    let cutsColumns = m < fewRows || n >= m
    let unit = m < fewRows ? 4 : cutsColumns ? stripColumns : tileRows
    let tiles = ((cutsColumns ? n : m) + unit - 1) / unit
    let step = max(1, (tiles + 7) / 8) * unit
    let pieces = ((cutsColumns ? n : m) + step - 1) / step
    Threads.forEachBlock(pieces, work: work) { piece in
      let from = piece * step
      if cutsColumns {
        serial(
          m, min(step, n - from), k, a,
          Operand(b.base + from * b.column, row: b.row, column: b.column),
          into: Result(c.base + from, row: c.row), accumulating: accumulating)
      } else {
        block(
          min(step, m - from), n, k,
          Operand(a.base + from * a.row, row: a.row, column: a.column), b,
          into: Result(c.base + from * c.row, row: c.row), accumulating)
      }
    }
  }

  /// The product on the caller's thread.
  package static func serial(
    _ m: Int, _ n: Int, _ k: Int, _ a: Operand, _ b: Operand, into c: Result,
    accumulating: Bool = false
  ) {
    if m < fewRows {
      skinny(m, n, k, a, b, into: c, accumulating)
    } else {
      block(m, n, k, a, b, into: c, accumulating)
    }
  }

  private static func block(
    _ m: Int, _ n: Int, _ k: Int, _ a: Operand, _ b: Operand, into c: Result,
    _ accumulating: Bool
  ) {
    let width = (n + tileColumns - 1) / tileColumns * tileColumns
    let panel = Memory(count: min(depth, k) * width)
    forEachSlice(m, n, k, a, into: c, accumulating) { p, slice in
      packColumns(
        slice, n, Operand(b.base + p * b.row, row: b.row, column: b.column), into: panel.base)
      return UnsafePointer(panel.base)
    }
    withExtendedLifetime(panel) {}
  }

  /// The loop over panels of 256 steps; `panel` tells where the packed columns of each lie.
  @inline(__always)
  private static func forEachSlice(
    _ m: Int, _ n: Int, _ k: Int, _ a: Operand, into c: Result, _ accumulating: Bool,
    panel: (_ p: Int, _ slice: Int) -> UnsafePointer<Float>
  ) {
    if k == 0 {
      if !accumulating {
        for i in 0..<m { (c.base + i * c.row).update(repeating: 0, count: n) }
      }
      return
    }
    // A row-major `a` with few columns to serve is read in place; else packing pays.
    let packs = a.column != 1 && a.row != 1 || n > 384
    let rows = Memory(count: min(depth, k) * (packs ? height : tileRows))
    var p = 0
    while p < k {
      let slice = min(depth, k - p)
      let columns = panel(p, slice)
      var i = 0
      while i < m {
        let part = min(height, m - i)
        let corner = Operand(
          a.base + i * a.row + p * a.column, row: a.row, column: a.column)
        multiplyPanel(
          part, n, slice, corner, packs, rows.base, columns,
          Result(c.base + i * c.row, row: c.row), accumulating || p > 0)
        i += part
      }
      p += slice
    }
    withExtendedLifetime(rows) {}
  }

  /// Computes `c = a · b` or `c += a · b` for a right operand that is packed already.
  package static func multiply(
    _ m: Int, _ a: Operand, _ b: PackedColumns, into c: Result, accumulating: Bool = false
  ) {
    let work = 2 * m * b.n * b.k
    guard work >= Threads.smallestShare, !Threads.isAlone else {
      return serial(m, a, b, into: c, accumulating: accumulating)
    }
    let tiles = (m + tileRows - 1) / tileRows
    let step = max(1, (tiles + 7) / 8) * tileRows
    Threads.forEachBlock((m + step - 1) / step, work: work) { piece in
      let from = piece * step
      forEachSlice(
        min(step, m - from), b.n, b.k,
        Operand(a.base + from * a.row, row: a.row, column: a.column),
        into: Result(c.base + from * c.row, row: c.row), accumulating
      ) { p, _ in UnsafePointer(b.memory.base + p * b.width) }
    }
  }

  /// Computes `c = a · b` or `c += a · b` for a packed right operand on the caller's thread.
  package static func serial(
    _ m: Int, _ a: Operand, _ b: PackedColumns, into c: Result, accumulating: Bool = false
  ) {
    forEachSlice(m, b.n, b.k, a, into: c, accumulating) { p, _ in
      UnsafePointer(b.memory.base + p * b.width)
    }
  }

  /// Multiplies some rows of `a` by a packed panel of `b`.
  private static func multiplyPanel(
    _ m: Int, _ n: Int, _ k: Int, _ a: Operand, _ packs: Bool,
    _ rows: UnsafeMutablePointer<Float>, _ panel: UnsafePointer<Float>, _ c: Result,
    _ accumulating: Bool
  ) {
    let full = m / tileRows * tileRows
    if packs {
      var i = 0
      while i < m {
        packRows(
          min(tileRows, m - i), k,
          Operand(a.base + i * a.row, row: a.row, column: a.column), into: rows + i * k)
        i += tileRows
      }
    } else if full < m {
      packRows(
        m - full, k, Operand(a.base + full * a.row, row: a.row, column: a.column), into: rows)
    }
    var j = 0
    while j < n {
      let columns = span(n - j)
      var i = 0
      while i < m {
        let isPacked = packs || i == full
        strip(
          min(tileRows, m - i), columns, k,
          isPacked ? UnsafePointer(packs ? rows + i * k : rows) : a.base + i * a.row,
          isPacked ? 1 : a.row, isPacked ? tileRows : a.column, panel + j * k, tileColumns,
          c.base + i * c.row + j, c.row, accumulating, beside: tileColumns * k)
        i += tileRows
      }
      j += columns
    }
  }
}
