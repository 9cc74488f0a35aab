import Tensors

/// How decoded rows lie: entry (row, k) of a tile at `row · row + step · k`.
struct LeftLayout {
  let row, step: Int

  /// Row after row.
  static let rows = LeftLayout(row: EightBitProductKernel.depth, step: 1)
  /// Six rows side by side, k after k.
  static let tiles = LeftLayout(row: 1, step: EightBitProductKernel.tileRows)
}

/// The left operand of a product in eight bits, which is asked for some rows of one block at a time.
protocol LeftOperand: Sendable {
  /// The rows of the product.
  var rows: Int { get }
  /// The entries that are summed.
  var depth: Int { get }
  /// How `fill` lays them out; six rows take 6 · 128 numbers either way.
  var layout: LeftLayout { get }

  /// Writes the numbers of the codes, without their scales, and a scale for each row.
  func fill(
    _ first: Int, _ count: Int, block: Int, _ depth: Int,
    into target: UnsafeMutablePointer<Float>, scales: UnsafeMutablePointer<Float>)
}

/// Rows whose codes are there already, in any order.
struct CodedRows: LeftOperand {
  private let matrix: BlockScaled
  private let order: ArraySlice<Int32>?
  let rows: Int

  /// Takes rows of a matrix, all of them or those whose numbers are given.
  init(_ matrix: BlockScaled, at order: ArraySlice<Int32>? = nil) {
    insist(
      matrix.group.columns == EightBitProductKernel.depth,
      "product: scales of \(matrix.group) cannot be taken out of a sum along rows")
    self.matrix = matrix
    self.order = order
    rows = order?.count ?? matrix.rows
  }

  var depth: Int { matrix.columns }
  var layout: LeftLayout { .rows }

  func fill(
    _ first: Int, _ count: Int, block: Int, _ depth: Int,
    into target: UnsafeMutablePointer<Float>, scales: UnsafeMutablePointer<Float>
  ) {
    if matrix.format == .e4m3 {
      fill(first, count, block, depth, E4M3Codes.self, target, scales)
    } else {
      insist(matrix.format == .e5m2, "product: \(matrix.format) has more than eight bits")
      fill(first, count, block, depth, E5M2Codes.self, target, scales)
    }
  }

  @inline(__always)
  private func fill<Codes: SixteenCodes>(
    _ first: Int, _ count: Int, _ block: Int, _ depth: Int, _: Codes.Type,
    _ target: UnsafeMutablePointer<Float>, _ scales: UnsafeMutablePointer<Float>
  ) {
    let across = matrix.scales.columns
    for i in 0..<count {
      let row = order.map { Int($0[$0.startIndex + first + i]) } ?? first + i
      scales[i] = matrix.scales.address[row / matrix.group.rows * across + block]
      let source = matrix.codes.address + row * matrix.columns + block * blockDepth
      let out = target + i * blockDepth
      // Behind the last code there is memory that may be read, and the target has whole rows.
      for k in stride(from: 0, to: depth, by: 16) { store(Codes.read(source + k), out + k) }
    }
  }

  private var blockDepth: Int { EightBitProductKernel.depth }
}

/// The columns of a coded matrix as the rows of a product.
struct CodedChannels: LeftOperand {
  private let matrix: BlockScaled

  init(_ matrix: BlockScaled) {
    insist(
      matrix.group.rows == EightBitProductKernel.depth && matrix.format == .e4m3,
      "product: scales of \(matrix.group) cannot be taken out of a sum along columns")
    self.matrix = matrix
  }

  var rows: Int { matrix.columns }
  var depth: Int { matrix.rows }
  var layout: LeftLayout { .tiles }

  func fill(
    _ first: Int, _ count: Int, block: Int, _ depth: Int,
    into target: UnsafeMutablePointer<Float>, scales: UnsafeMutablePointer<Float>
  ) {
    let blockDepth = EightBitProductKernel.depth
    let (source, across) = (matrix.codes.address, matrix.scales.columns)
    for i in 0..<count {
      let group = (first + i) / matrix.group.columns
      scales[i] = matrix.scales.address[block * across + group]
    }
    for i in stride(from: 0, to: count, by: EightBitProductKernel.tileRows) {
      for k in 0..<depth {
        let numbers = E4M3Codes.read(source + (block * blockDepth + k) * rows + first + i)
        // Each store writes two numbers too many, which the next one puts right.
        store(numbers.lowHalf, target + i * blockDepth + k * EightBitProductKernel.tileRows)
      }
    }
  }
}

/// Rows that are rounded on their way, 1 × 128 at a time: nobody needs their codes.
struct RoundedRows: LeftOperand, @unchecked Sendable {
  let rows, depth: Int
  private let base: UnsafePointer<Float>
  private let row: Int
  private let grid: RoundingGrid
  private let rule: ScaleRule

  /// Describes a matrix whose rows lie so far apart; it must outlive the product.
  init(
    _ rows: Int, _ depth: Int, _ base: UnsafePointer<Float>, row: Int, in grid: RoundingGrid,
    scales rule: ScaleRule
  ) {
    (self.rows, self.depth, self.base, self.row) = (rows, depth, base, row)
    (self.grid, self.rule) = (grid, rule)
  }

  var layout: LeftLayout { .rows }

  func fill(
    _ first: Int, _ count: Int, block: Int, _ depth: Int,
    into target: UnsafeMutablePointer<Float>, scales: UnsafeMutablePointer<Float>
  ) {
    let whole = depth & ~7
    for i in 0..<count {
      let x = base + (first + i) * row + block * EightBitProductKernel.depth
      let out = target + i * EightBitProductKernel.depth
      var largestOnes = Lanes.zero
      for k in stride(from: 0, to: whole, by: 8) {
        largestOnes = larger(largestOnes, magnitude(load(x + k)))
      }
      var rest = Lanes.zero
      for k in whole..<depth { rest[k - whole] = x[k] }
      let scale = rule.scale(
        of: largest(larger(largestOnes, magnitude(rest))), largest: grid.largest)
      scales[i] = scale
      for k in stride(from: 0, to: whole, by: 8) {
        store(grid.rounded(load(x + k) / scale), out + k)
      }
      if whole < depth { store(grid.rounded(rest / scale), out + whole) }
    }
  }
}

/// The columns of a matrix as the rows of a product, rounded on their way, 128 × 1 at a time.
struct RoundedColumns: LeftOperand, @unchecked Sendable {
  let rows, depth: Int
  private let base: UnsafePointer<Float>
  private let row: Int
  private let grid: RoundingGrid
  private let rule: ScaleRule

  /// Describes the transpose of a matrix of `depth` rows, which lie so far apart.
  init(
    _ rows: Int, _ depth: Int, _ base: UnsafePointer<Float>, row: Int, in grid: RoundingGrid,
    scales rule: ScaleRule
  ) {
    (self.rows, self.depth, self.base, self.row) = (rows, depth, base, row)
    (self.grid, self.rule) = (grid, rule)
  }

  var layout: LeftLayout { .tiles }

  func fill(
    _ first: Int, _ count: Int, block: Int, _ depth: Int,
    into target: UnsafeMutablePointer<Float>, scales: UnsafeMutablePointer<Float>
  ) {
    let x = base + block * EightBitProductKernel.depth * row + first
    scales.update(repeating: 0, count: (count + 13) & ~7)
    for k in 0..<depth {
      let x = x + k * row
      forEachEight(count) { j, width in
        store(larger(load(scales + j), magnitude(read(x + j, width))), scales + j)
      }
    }
    for j in 0..<count { scales[j] = rule.scale(of: scales[j], largest: grid.largest) }
    for j in count..<(count + 8) { scales[j] = 1 }
    for j in stride(from: 0, to: count, by: EightBitProductKernel.tileRows) {
      let (scale, out) = (load(scales + j), target + j * EightBitProductKernel.depth)
      // Each store writes two numbers too many, which the next one puts right.
      let width = min(8, rows - first - j)
      for k in 0..<depth {
        let x = x + k * row + j
        let lanes = width == 8 ? load(x) : read(x, width)
        store(grid.rounded(lanes / scale), out + k * EightBitProductKernel.tileRows)
      }
    }
  }

  @inline(__always)
  private func forEachEight(_ count: Int, _ body: (_ first: Int, _ width: Int) -> Void) {
    for j in stride(from: 0, to: count & ~7, by: 8) { body(j, 8) }
    if count & 7 > 0 { body(count & ~7, count & 7) }
  }

  @inline(__always)
  private func read(_ x: UnsafePointer<Float>, _ count: Int) -> Lanes {
    if count == 8 { return load(x) }
    var lanes = Lanes.zero
    for lane in 0..<count { lanes[lane] = x[lane] }
    return lanes
  }
}
