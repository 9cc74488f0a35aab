import Tensors

/// The matrix product in eight bits.
///
///     c[m, n] = Σ over blocks of ( Σ a[m, k] · b[k, n] over the block's 128 k ) · sA[m] · sB[n]
///
/// The inner sum is one of codes; its scales lie outside, because a block of 128 k is just what one
/// scale covers. Here the sum stays in the registers of chapter 1's tile, and is promoted when the
/// tile is written: V3, §3.3.2, for the same 128. What lies in memory are codes. A block of the left
/// operand is decoded into the second-level cache, and 128 × 16 of the right one, for all its rows,
/// into the first.
enum EightBitProductKernel {
  /// The summed entries between two promotions.
  static let depth = 128
  /// The rows that are decoded at a time: a multiple of the tile's six, 96 KB.
  static let height = 192
  static let tileRows = 6
  static let tileColumns = 16

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
    let memory = Tensor(uninitialized: [(tiles * tileRows + tileColumns) * (depth + 1) + 16])
    let left = memory.fresh
    let panel = left + tiles * tileRows * depth
    let rowScales = panel + tileColumns * depth
    if b.k == 0, !c.isAdding {
      for i in first..<first + count { (c.base + i * c.row).update(repeating: 0, count: b.n) }
    }
    for block in 0..<b.blocks {
      let depth = b.depth(of: block)
      a.fill(first, count, block: block, depth, into: left, scales: rowScales)
      let promotion = Promotion(
        rowScales: rowScales, isFirst: block == 0 && !c.isAdding,
        isRounding: c.isRounding && block == b.blocks - 1)
      for column in stride(from: 0, to: b.n, by: tileColumns) {
        b.decode(block, column, into: panel)
        let scales = b.scales.address + block * b.width + column
        multiply(
          tiles: tiles, count, depth, left, a.layout, panel, promotion, scales,
          min(tileColumns, b.n - column), c.base + first * c.row + column, c.row)
      }
    }
    withExtendedLifetime(memory) {}
  }

  /// Multiplies the decoded rows by sixteen columns.
  @inline(__always)
  private static func multiply(
    tiles: Int, _ rows: Int, _ depth: Int, _ left: UnsafePointer<Float>, _ layout: LeftLayout,
    _ panel: UnsafePointer<Float>, _ promotion: Promotion, _ scales: UnsafePointer<Float>,
    _ columns: Int, _ c: UnsafeMutablePointer<Float>, _ width: Int
  ) {
    let (s0, s1) = (load(scales), load(scales + 8))
    for tile in 0..<tiles {
      let first = tile &* tileRows
      let a = left + first &* self.depth
      let out = c + first &* width
      if columns == tileColumns && rows &- first >= tileRows {
        MatrixProductKernel.tile(
          depth, a, layout.row, layout.step, panel, next: tileColumns, height: tileRows
        ) { row, left, right in
          let place = out + row &* width
          promotion.put(left, first &+ row, s0, place)
          promotion.put(right, first &+ row, s1, place + 8)
        }
      } else {
        let height = min(tileRows, rows &- first)
        MatrixProductKernel.tile(
          depth, a, layout.row, layout.step, panel, next: tileColumns, height: height
        ) { row, left, right in
          let place = out + row &* width
          promotion.put(left, first &+ row, s0, place, columns)
          promotion.put(right, first &+ row, s1, place + 8, columns &- 8)
        }
      }
    }
  }
}

/// What becomes of the sums of one block: they are scaled and join the result.
struct Promotion {
  let rowScales: UnsafePointer<Float>
  let isFirst: Bool
  let isRounding: Bool

  @inline(__always)
  // snippet.promoted
  private func promoted(_ sums: Lanes, _ row: Int, _ scales: Lanes, _ old: () -> Lanes) -> Lanes
  {
    let scale = scales * rowScales[row]
    let result = isFirst ? sums * scale : adding(old(), sums, scale)
    return isRounding ? RoundingToBrain.rounded(result) : result
  }
  // snippet.end

  /// Promotes eight sums.
  @inline(__always)
  func put(
    _ sums: Lanes, _ row: Int, _ scales: Lanes, _ place: UnsafeMutablePointer<Float>
  ) {
    store(promoted(sums, row, scales) { load(place) }, place)
  }

  /// Promotes as many of eight sums as there are columns left.
  @inline(__always)
  func put(
    _ sums: Lanes, _ row: Int, _ scales: Lanes, _ place: UnsafeMutablePointer<Float>,
    _ columns: Int
  ) {
    let count = min(8, columns)
    guard count > 0 else { return }
    let result = promoted(sums, row, scales) {
      var old = Lanes.zero
      for lane in 0..<count { old[lane] = place[lane] }
      return old
    }
    for lane in 0..<count { place[lane] = result[lane] }
  }
}
