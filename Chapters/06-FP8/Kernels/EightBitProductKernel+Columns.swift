import Checkpoints
import Tensors

/// The right operand of a product in eight bits: codes in the order in which the tile reads them.
///
/// Blocks of 128 rows, of each block panels of 16 columns, of each panel row after row; and a scale
/// for each block and column.
package struct CodedColumns: Sendable {
  /// The rows, the columns, and the columns with those that fill the last panel.
  let k, n, width: Int
  /// One for each block and column.
  let scales: Tensor
  private let codes: CodeBytes

  private init(_ k: Int, _ n: Int) {
    let blockDepth = EightBitProductKernel.depth
    (self.k, self.n, width) = (k, n, (n + 15) & ~15)
    scales = Tensor(uninitialized: [(k + blockDepth - 1) / blockDepth, width])
    codes = CodeBytes(uninitialized: k * width)
  }

  /// The bytes of codes and scales.
  var byteCount: Int { codes.count + 4 * scales.count }

  /// The blocks of 128 rows.
  var blocks: Int { scales.rows }

  /// The rows of a block.
  @inline(__always)
  func depth(of block: Int) -> Int {
    min(EightBitProductKernel.depth, k - block * EightBitProductKernel.depth)
  }

  @inline(__always)
  private func place(_ block: Int, _ column: Int) -> Int {
    block * EightBitProductKernel.depth * width + column * depth(of: block)
  }

  /// Writes the numbers of the codes of one panel or more, without their scales.
  func decode(
    _ block: Int, _ column: Int, panels: Int, into target: UnsafeMutablePointer<Float>
  ) {
    let source = codes.address + place(block, column)
    for place in stride(from: 0, to: 16 * depth(of: block) * panels, by: 16) {
      store(E4M3Codes.read(source + place), target + place)
    }
  }
}

extension CodedColumns {
  /// Lays out a matrix whose scales belong to 128 of its rows, or the transpose of a matrix in
  /// square blocks.
  init(_ matrix: BlockScaled, transposed: Bool = false) {
    insist(
      matrix.format == .e4m3
        && (matrix.group == .block || matrix.group == .column && !transposed),
      "product: \(matrix.format) in \(matrix.group) cannot be the right operand; its scales must "
        + "be constant along 128 summed entries")
    self.init(
      transposed ? matrix.columns : matrix.rows, transposed ? matrix.rows : matrix.columns)
    let (target, panels) = (self, (n + 15) / 16)
    let across = (panels + Self.panelsAtATime - 1) / Self.panelsAtATime
    // A code takes the time of some 25 operations.
    Threads.forEachBlock(blocks * across, work: 25 * k * width) { part in
      let first = part % max(across, 1) * Self.panelsAtATime
      for panel in first..<min(first + Self.panelsAtATime, panels) {
        target.lay(matrix, part / max(across, 1), 16 * panel, transposed)
      }
    }
    withExtendedLifetime(matrix) {}
  }

  /// The panels that one thread lays out at a time: 128 columns of a block.
  private static var panelsAtATime: Int { 8 }

  /// Writes the codes and the scales of one panel.
  private func lay(_ matrix: BlockScaled, _ block: Int, _ column: Int, _ transposed: Bool) {
    let side = EightBitProductKernel.depth
    let (first, depth) = (block * side, depth(of: block))
    let (source, stride) = (matrix.codes.address, matrix.columns)
    let (out, count) = (codes.fresh + place(block, column), min(16, n - column))
    for lane in 0..<16 {
      let group = (column + min(lane, count - 1)) / (matrix.group == .block ? side : 1)
      scales.fresh[block * width + column + lane] =
        matrix.scales.address[
          transposed
            ? group * matrix.scales.columns + block : block * matrix.scales.columns + group]
    }
    guard !transposed else {
      return Self.copyTransposed(
        depth, source + column * stride + first, stride, count, into: out)
    }
    for row in 0..<depth {
      // Behind the last code there is memory that may be read.
      let codes = (source + (first + row) * stride + column).loadUnaligned(
        as: EightBit.Codes.self)
      out.storeBytes(of: codes, toByteOffset: 16 * row, as: EightBit.Codes.self)
    }
  }

  /// Writes up to sixteen rows of codes as rows of sixteen.
  private static func copyTransposed(
    _ depth: Int, _ source: UnsafeRawPointer, _ stride: Int, _ rows: Int,
    into out: UnsafeMutableRawPointer
  ) {
    withUnsafeTemporaryAllocation(of: SIMD2<UInt64>.self, capacity: 16) { rowsOfCodes in
      guard let square = rowsOfCodes.baseAddress else { return }
      for k in Swift.stride(from: 0, to: depth, by: 16) {
        for row in 0..<16 {
          // Behind the last code there is memory that may be read.
          let place = source + min(row, rows - 1) * stride + k
          square[row] = place.loadUnaligned(as: SIMD2<UInt64>.self)
        }
        EightCodes.transpose(square)
        (out + 16 * k).copyMemory(from: square, byteCount: 16 * min(16, depth - k))
      }
    }
  }
}

extension CodedColumns {
  /// Groups rows by 128 of themselves instead of by 128 columns, and rounds them a second time.
  init(
    regrouping matrix: BlockScaled, at order: ArraySlice<Int32>? = nil, scales rule: ScaleRule
  ) {
    insist(matrix.group == .tile, "regrouping: \(matrix.group) are not 1 by 128")
    if matrix.format == .e4m3 {
      self.init(regrouping: matrix, E4M3Codes.self, order, rule)
    } else {
      insist(matrix.format == .e5m6, "regrouping: \(matrix.format) is neither E4M3 nor E5M6")
      self.init(regrouping: matrix, E5M6Codes.self, order, rule)
    }
  }

  @inline(__always)
  private init<Codes: SixteenCodes>(
    regrouping matrix: BlockScaled, _: Codes.Type, _ order: ArraySlice<Int32>?,
    _ rule: ScaleRule
  ) {
    let (source, scales) = (matrix.codes.address, matrix.scales.address)
    let (across, rowBytes) = (matrix.scales.columns, Codes.rowBytes(matrix.columns))
    self.init(quantizing: order?.count ?? matrix.rows, matrix.columns, rule) { row, column in
      let row = order.map { Int($0[$0.startIndex + row]) } ?? row
      let scale = scales[row * across + column / EightBitProductKernel.depth]
      return Codes.read(source + row * rowBytes + Codes.offset(of: column)) * scale
    }
    withExtendedLifetime(matrix) {}
  }

  /// Groups the rows of a matrix by 128 of themselves; they lie so far apart.
  init(
    _ k: Int, _ n: Int, _ base: UnsafePointer<Float>, row: Int, scales rule: ScaleRule
  ) {
    let whole = n & ~15
    self.init(quantizing: k, n, rule) { place, column in
      let x = base + place * row + column
      return CodesRun<E4M3Codes>.load(x, column < whole ? 16 : n - whole, filling: 0)
    }
  }

  /// Encodes numbers that are read sixteen columns at a time.
  @inline(__always)
  private init(
    quantizing k: Int, _ n: Int, _ rule: ScaleRule,
    _ read: (_ row: Int, _ column: Int) -> Sixteen
  ) {
    self.init(k, n)
    let memory = Tensor(uninitialized: [16 * EightBitProductKernel.depth])
    let panel = UnsafeMutableRawPointer(memory.fresh)
    for block in 0..<blocks {
      let (first, depth) = (block * EightBitProductKernel.depth, depth(of: block))
      for column in stride(from: 0, to: width, by: 16) {
        var (low, high) = (Lanes.zero, Lanes.zero)
        for row in 0..<depth {
          let numbers = read(first + row, column)
          panel.storeBytes(of: numbers, toByteOffset: 64 * row, as: Sixteen.self)
          low = larger(low, magnitude(numbers.lowHalf))
          high = larger(high, magnitude(numbers.highHalf))
        }
        let groups = scales.fresh + block * width + column
        for lane in 0..<8 {
          groups[lane] = rule.scale(of: low[lane], largest: 448)
          groups[lane + 8] = rule.scale(of: high[lane], largest: 448)
        }
        let scale = Sixteen(lowHalf: load(groups), highHalf: load(groups + 8))
        let out = codes.fresh + place(block, column)
        for row in 0..<depth {
          let numbers = panel.load(fromByteOffset: 64 * row, as: Sixteen.self)
          out.storeBytes(
            of: EightBit.narrowed(numbers / scale), toByteOffset: 16 * row,
            as: EightBit.Codes.self)
        }
      }
    }
    withExtendedLifetime(memory) {}
  }
}
