import Tensors

/// The matrix product in eight bits.
///
///     c[m, n] = Σ over blocks of ( Σ a[m, k] · b[k, n] over the block's 128 k ) · sA[m] · sB[n]
///
/// The inner sum is one of codes; its scales lie outside, because a block of 128 k is just what one
/// scale covers. Here the sum stays in the registers of chapter 1's tile, and is promoted when the
/// tile is written: V3, §3.3.2, for the same 128. What lies in memory are codes. A block of the left
/// operand is decoded into the second-level cache, and a strip of the right one, for all its rows, into
/// the first.
enum EightBitProductKernel {
  /// The summed entries between two promotions.
  static let depth = 128
  /// The rows that are decoded at a time: a multiple of the tile's six, 96 KB.
  static let height = 192
  static let tileRows = MatrixProductKernel.tileRows
  static let tileColumns = MatrixProductKernel.tileColumns
  static let stripColumns = MatrixProductKernel.stripColumns

  /// Where a product is written and how.
  struct Target: @unchecked Sendable {
    let base: UnsafeMutablePointer<Float>
    /// The way from one row to the next.
    let row: Int
    /// Whether the product is added to what is there.
    var isAdding = false
    /// Whether the result is rounded to BF16.
    var isRounding = false
  }

  /// Computes a product, on several threads when it is large.
  ///
  /// Entry (i, j) is a sum in order of k, whatever the threads.
  static func multiply(_ a: some LeftOperand, _ b: CodedColumns, into c: Target) {
    insist(a.depth == b.k, "product: rows of \(a.depth) meet a matrix of \(b.k) rows")
    let work = 2 * a.rows * b.n * b.k
    // An even number of pieces, at least four: each decodes the right operand once more.
    let pieces = max(4, (a.rows + 2 * height - 1) / (2 * height) * 2)
    let tiles = (a.rows + tileRows * pieces - 1) / (tileRows * pieces)
    let isCut = work >= Threads.smallestShare && !Threads.isAlone
    let step = isCut ? max(1, tiles) * tileRows : height
    Threads.forEachBlock((a.rows + step - 1) / step, work: work) { piece in
      let first = piece * step
      multiply(rows: first, min(step, a.rows - first), a, b, into: c)
    }
  }

  /// A product in a tensor of its own, in FP32.
  static func product(_ a: some LeftOperand, _ b: CodedColumns) -> Tensor {
    let result = Tensor(uninitialized: [a.rows, b.n])
    multiply(a, b, into: Target(base: result.fresh, row: b.n))
    return result
  }

  /// Computes some rows of a product.
  private static func multiply(
    rows first: Int, _ count: Int, _ a: some LeftOperand, _ b: CodedColumns, into c: Target
  ) {
    let tiles = (count + tileRows - 1) / tileRows
    let memory = Tensor(uninitialized: [
      tiles * tileRows * (depth + tileColumns + 1) + 16 + stripColumns * depth
    ])
    let left = memory.fresh
    let panels = left + tiles * tileRows * depth
    let edge = panels + stripColumns * depth
    let rowScales = edge + tiles * tileRows * tileColumns
    if b.k == 0, !c.isAdding {
      for i in first..<first + count { (c.base + i * c.row).update(repeating: 0, count: b.n) }
    }
    for block in 0..<b.blocks {
      let depth = b.depth(of: block)
      a.fill(first, count, block: block, depth, into: left, scales: rowScales)
      let rows = DecodedRows(
        count: count, depth: depth, base: left, layout: a.layout,
        promotion: Promotion(
          rowScales: rowScales, isFirst: block == 0 && !c.isAdding,
          isRounding: c.isRounding && block == b.blocks - 1))
      var column = 0
      while column < b.n {
        let columns = MatrixProductKernel.span(b.n - column)
        b.decode(block, column, panels: (columns + 15) / 16, into: panels)
        rows.multiply(
          columns, panels, b.scales.address + block * b.width + column,
          into: c.base + first * c.row + column, c.row, edge: edge)
        column += columns
      }
    }
    withExtendedLifetime(memory) {}
  }
}

/// Rows of numbers that a block's codes stand for, on their way through chapter 1's tile.
private struct DecodedRows {
  let count, depth: Int
  let base: UnsafePointer<Float>
  let layout: LeftLayout
  let promotion: Promotion

  /// Multiplies the rows by a strip of columns, or by what is left of one.
  ///
  /// Fewer columns than a tile has are completed in `edge`, which has room for a whole tile.
  func multiply(
    _ columns: Int, _ panels: UnsafePointer<Float>, _ scales: UnsafePointer<Float>,
    into c: UnsafeMutablePointer<Float>, _ width: Int, edge: UnsafeMutablePointer<Float>
  ) {
    let tile = MatrixProductKernel.tileColumns
    if columns > tile {
      multiply(Sixteen.self, panels, beside: tile * depth, scales, into: c, width)
    } else if columns == tile {
      multiply(Lanes.self, panels, beside: 8, scales, into: c, width)
    } else {
      for i in 0..<count where !promotion.isFirst {
        (edge + i * tile).update(from: c + i * width, count: columns)
      }
      multiply(Lanes.self, panels, beside: 8, scales, into: edge, tile)
      for i in 0..<count { (c + i * width).update(from: edge + i * tile, count: columns) }
    }
  }

  /// Multiplies the rows by as many columns as two vectors have.
  ///
  /// It is not inlined, so that the tile has all registers for itself.
  @inline(never)
  private func multiply<Vector: SIMD<Float>>(
    _: Vector.Type, _ panels: UnsafePointer<Float>, beside: Int,
    _ scales: UnsafePointer<Float>, into c: UnsafeMutablePointer<Float>, _ width: Int
  ) where Vector.MaskStorage.Scalar == Int32 {
    let (s0, s1) = (
      load(scales, as: Vector.self), load(scales + Vector.scalarCount, as: Vector.self)
    )
    for first in stride(from: 0, to: count, by: MatrixProductKernel.tileRows) {
      // A closure would become a call, and its vectors would travel through memory.
      @inline(__always)
      func put(_ row: Int, _ left: Vector, _ right: Vector) {
        let place = c + (first &+ row) &* width
        promotion.put(left, first &+ row, s0, place)
        promotion.put(right, first &+ row, s1, place + Vector.scalarCount)
      }
      MatrixProductKernel.tile(
        depth, base + first &* EightBitProductKernel.depth, layout.row, layout.step, panels,
        beside: beside, next: MatrixProductKernel.tileColumns, height: count &- first, put: put)
    }
  }
}

/// What becomes of the sums of one block: they are scaled and join the result.
private struct Promotion {
  let rowScales: UnsafePointer<Float>
  let isFirst: Bool
  let isRounding: Bool

  /// Promotes sums of one row, eight or sixteen of them, to where the result is.
  @inline(__always)
  // snippet.promoted
  func put<Vector: SIMD<Float>>(
    _ sums: Vector, _ row: Int, _ scales: Vector, _ place: UnsafeMutablePointer<Float>
  ) where Vector.MaskStorage.Scalar == Int32 {
    let scale = scales * rowScales[row]
    let result = adding(isFirst ? .zero : load(place, as: Vector.self), sums, scale)
    store(isRounding ? RoundingToBrain.rounded(result) : result, place)
  }
  // snippet.end
}
