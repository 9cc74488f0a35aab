import Tensors

/// Products of rows with packed weights: y = x · Ŵᵀ, in which Ŵ is widened on the way.
///
/// A sum over the columns is made of two for each group, one over the even columns and one over
/// the odd, each in order; group sums are scaled and added in order. An entry of the result thus
/// has the same bits, however many rows stand beside it and whatever the threads: a request gets
/// the same answer alone and in a full batch.
struct PackedProductKernel<Codec: WeightCodec, Scales: ScaleCodec>: Sendable {
  let matrix: PackedPanels
  #if WIDE
    /// The most rows for which the weights are widened once.
    private static var tileRows: Int { 8 }
  #else
    /// The most rows for which the weights are widened once; the sums of more would not fit into the
    /// registers.
    private static var tileRows: Int { 4 }
  #endif

  /// Multiplies some rows by all panels.
  /// - Parameter sums: the sums of each group of each row, if there are zero points.
  func multiply(
    _ m: Int, _ x: RowsIn, into y: RowsOut, sums: UnsafePointer<Float>?
  ) {
    nonisolated(unsafe) let sums = sums
    let panels = matrix.count
    let pieces = min(8, panels)
    // Weights are fetched and widened once, which takes the time of some ten operations.
    let work = (10 + 2 * m) * panels * 16 * matrix.columns
    guard work >= Threads.smallestShare, !Threads.isAlone else {
      return multiply(m, x, 0..<panels, into: y, sums)
    }
    Threads.forEachBlock(pieces, work: work) { piece in
      let range = piece * panels / pieces..<(piece + 1) * panels / pieces
      multiply(m, x, range, into: y, sums)
    }
  }

  private func multiply(
    _ m: Int, _ x: RowsIn, _ panels: Range<Int>, into y: RowsOut, _ sums: UnsafePointer<Float>?
  ) {
    for panel in panels {
      let side = PanelSide(matrix, panel, sums)
      let out = RowsOut(base: y.base + panel * 16, row: y.row)
      let width = min(16, matrix.rows - panel * 16)
      var row = 0
      while row < m {
        let count = min(Self.tileRows, m - row)
        if count == 1 {
          put(one(x.base + row * x.row, side, row), width, out.base + row * out.row)
        } else if count <= 4 {
          tile(x, row, count, side, isDouble: false, into: out, width)
        } else {
          tile(x, row, count, side, isDouble: true, into: out, width)
        }
        row += count
      }
    }
  }

  // snippet.packed-row
  /// One row times sixteen outputs.
  @inline(__always)
  private func one(
    _ x: UnsafePointer<Float>, _ side: PanelSide, _ row: Int
  ) -> Sixteen {
    var result = Sixteen.zero
    var (pair, group, place) = (0, 0, side.codes)
    while pair < matrix.pairs {
      let end = min(pair &+ matrix.groupPairs, matrix.pairs)
      var (even, odd) = (Sixteen.zero, Sixteen.zero)
      while pair < end {
        let (first, second) = Codec.pair(place)
        even = adding(even, Sixteen(repeating: x[2 &* pair]), first)
        odd = adding(odd, Sixteen(repeating: x[2 &* pair &+ 1]), second)
        pair &+= 1
        place += Codec.pairBytes
      }
      let scale = Scales.read(side.scales + group &* Scales.bytes)
      result = adding(result, even + odd, scale)
      if let shift = side.shift(group, scale) {
        result = adding(result, side.sum(row, group), shift)
      }
      group &+= 1
    }
    return result
  }
  // snippet.end

  /// Up to four rows, or eight, times sixteen outputs, whose weights are widened once.
  ///
  /// Rows that lack repeat the last and are dropped.
  @inline(__always)
  private func tile(
    _ x: RowsIn, _ row: Int, _ count: Int, _ side: PanelSide, isDouble: Bool, into y: RowsOut,
    _ width: Int
  ) {
    let upper = FourRows(x, row, count)
    let lower = isDouble ? FourRows(x, row + 4, count - 4) : upper
    var (top, bottom) = (FourSums(), FourSums())
    var (pair, group, place) = (0, 0, side.codes)
    while pair < matrix.pairs {
      let end = min(pair &+ matrix.groupPairs, matrix.pairs)
      var (even, odd) = (FourSums(), FourSums())
      var (lowerEven, lowerOdd) = (FourSums(), FourSums())
      while pair < end {
        let (first, second) = Codec.pair(place)
        even.add(first, upper, 2 &* pair)
        odd.add(second, upper, 2 &* pair &+ 1)
        if isDouble {
          lowerEven.add(first, lower, 2 &* pair)
          lowerOdd.add(second, lower, 2 &* pair &+ 1)
        }
        pair &+= 1
        place += Codec.pairBytes
      }
      let scale = Scales.read(side.scales + group &* Scales.bytes)
      top.add(even, odd, scale)
      if isDouble { bottom.add(lowerEven, lowerOdd, scale) }
      if let shift = side.shift(group, scale) {
        top.add(shift) { side.sum(row + min($0, count - 1), group) }
        if isDouble { bottom.add(shift) { side.sum(row + min(4 + $0, count - 1), group) } }
      }
      group &+= 1
    }
    let out = y.base + row * y.row
    top.forEach(min(4, count)) { put($1, width, out + $0 * y.row) }
    if isDouble { bottom.forEach(count - 4) { put($1, width, out + (4 + $0) * y.row) } }
  }

  @inline(__always)
  private func put(_ sums: Sixteen, _ width: Int, _ out: UnsafeMutablePointer<Float>) {
    if width == 16 { return store(sums, out) }
    for lane in 0..<width { out[lane] = sums[lane] }
  }
}

/// Where four rows begin; those that lack are the last once more.
private struct FourRows {
  let a, b, c, d: UnsafePointer<Float>

  @inline(__always)
  init(_ x: RowsIn, _ first: Int, _ count: Int) {
    a = x.base + first * x.row
    b = a + min(1, count - 1) * x.row
    c = a + min(2, count - 1) * x.row
    d = a + min(3, count - 1) * x.row
  }
}

/// The sums of four rows, sixteen outputs each.
private struct FourSums {
  private var a = Sixteen.zero, b = Sixteen.zero, c = Sixteen.zero, d = Sixteen.zero

  /// Adds a column of each row times its weights.
  @inline(__always)
  mutating func add(_ weights: Sixteen, _ rows: FourRows, _ column: Int) {
    a = adding(a, Sixteen(repeating: rows.a[column]), weights)
    b = adding(b, Sixteen(repeating: rows.b[column]), weights)
    c = adding(c, Sixteen(repeating: rows.c[column]), weights)
    d = adding(d, Sixteen(repeating: rows.d[column]), weights)
  }

  /// Adds the sums of a group, scaled.
  @inline(__always)
  mutating func add(_ even: FourSums, _ odd: FourSums, _ scale: Sixteen) {
    a = adding(a, even.a + odd.a, scale)
    b = adding(b, even.b + odd.b, scale)
    c = adding(c, even.c + odd.c, scale)
    d = adding(d, even.d + odd.d, scale)
  }

  /// Adds what a zero point takes away, given the sum of each row's group.
  @inline(__always)
  mutating func add(_ shift: Sixteen, _ sum: (Int) -> Sixteen) {
    a = adding(a, sum(0), shift)
    b = adding(b, sum(1), shift)
    c = adding(c, sum(2), shift)
    d = adding(d, sum(3), shift)
  }

  @inline(__always)
  func forEach(_ count: Int, _ body: (Int, Sixteen) -> Void) {
    body(0, a)
    if count > 1 { body(1, b) }
    if count > 2 { body(2, c) }
    if count > 3 { body(3, d) }
  }
}

/// The rows that are multiplied.
struct RowsIn: @unchecked Sendable {
  let base: UnsafePointer<Float>
  let row: Int
}

/// The rows that are written.
struct RowsOut: @unchecked Sendable {
  let base: UnsafeMutablePointer<Float>
  let row: Int
}

/// The codes of a panel, and what stands beside them.
private struct PanelSide {
  let codes, scales: UnsafeRawPointer
  private let zeros: UnsafeRawPointer?
  private let sums: UnsafePointer<Float>?
  private let groups: Int

  init(_ matrix: PackedPanels, _ panel: Int, _ sums: UnsafePointer<Float>?) {
    codes = matrix.codes(of: panel)
    scales = matrix.scales(of: panel)
    zeros = sums == nil ? nil : matrix.zeros(of: panel)
    self.sums = sums
    groups = matrix.groups
  }

  // snippet.zero-point
  /// −z s of a group: Σ x (q − z) s = s Σ x q − z s Σ x.
  @inline(__always)
  func shift(_ group: Int, _ scale: Sixteen) -> Sixteen? {
    guard let zeros else { return nil }
    let bytes = zeros.loadUnaligned(fromByteOffset: group &* 16, as: Integers.Bytes.self)
    return -Integers.widened(bytes) * scale
  }
  // snippet.end

  /// Σ x over a group of a row.
  @inline(__always)
  func sum(_ row: Int, _ group: Int) -> Sixteen {
    Sixteen(repeating: sums.map { $0[row &* groups &+ group] } ?? 0)
  }
}
