import Tensors

/// Products of rows with packed weights: y = x · Ŵᵀ, in which Ŵ is widened on the way.
///
/// A sum over the columns is made of two for each group, one over the even columns and one over
/// the odd, each in order; group sums are scaled and added in order. An entry of the result thus
/// has the same bits, however many rows stand beside it and whatever the threads: a request gets
/// the same answer alone and in a full batch.
struct PackedProductKernel<Codec: WeightCodec, Scales: ScaleCodec>: Sendable {
  let matrix: PackedPanels
  /// Rows from which a panel is widened once for all of them, beforehand.
  private static var manyRows: Int { 8 }

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
    guard m >= Self.manyRows, Codec.self != SingleCodec.self else {
      for panel in panels { multiply(m, x, panel, matrix.codes(of: panel), into: y, sums) }
      return
    }
    let scratch = Tensor(uninitialized: [matrix.pairs * 32])
    let widened = PackedProductKernel<SingleCodec, Scales>(matrix: matrix)
    for panel in panels {
      widen(panel, into: scratch.fresh)
      widened.multiply(m, x, panel, UnsafeRawPointer(scratch.address), into: y, sums)
    }
    withExtendedLifetime(scratch) {}
  }

  /// Multiplies all rows by one panel, four rows at a time.
  private func multiply(
    _ m: Int, _ x: RowsIn, _ panel: Int, _ codes: UnsafeRawPointer, into y: RowsOut,
    _ sums: UnsafePointer<Float>?
  ) {
    let width = min(16, matrix.rows - panel * 16)
    let side = PanelSide(matrix, panel, sums)
    var row = 0
    while row < m {
      let out = y.base + row * y.row + panel * 16
      if m - row == 1 {
        put(one(x.base + row * x.row, codes, side, row), width, out)
        row += 1
      } else {
        // Rows that lack repeat the last and are dropped.
        let last = m - 1 - row
        let sums = four(x, row, last, codes, side)
        put(sums.0, width, out)
        if last >= 1 { put(sums.1, width, out + y.row) }
        if last >= 2 { put(sums.2, width, out + 2 * y.row) }
        if last >= 3 { put(sums.3, width, out + 3 * y.row) }
        row += 4
      }
    }
  }

  // snippet.packed-row
  /// One row times sixteen outputs.
  @inline(__always)
  private func one(
    _ x: UnsafePointer<Float>, _ codes: UnsafeRawPointer, _ side: PanelSide, _ row: Int
  ) -> Sixteen {
    var result = Sixteen.zero
    var (pair, group, place) = (0, 0, codes)
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

  /// Four rows times sixteen outputs, whose weights are widened once.
  @inline(__always)
  private func four(
    _ x: RowsIn, _ row: Int, _ last: Int, _ codes: UnsafeRawPointer, _ side: PanelSide
  ) -> (Sixteen, Sixteen, Sixteen, Sixteen) {
    let x0 = x.base + row * x.row
    let (r1, r2, r3) = (min(1, last), min(2, last), min(3, last))
    let (x1, x2, x3) = (x0 + r1 * x.row, x0 + r2 * x.row, x0 + r3 * x.row)
    var y0 = Sixteen.zero, y1 = Sixteen.zero, y2 = Sixteen.zero, y3 = Sixteen.zero
    var (pair, group, place) = (0, 0, codes)
    while pair < matrix.pairs {
      let end = min(pair &+ matrix.groupPairs, matrix.pairs)
      var e0 = Sixteen.zero, e1 = Sixteen.zero, e2 = Sixteen.zero, e3 = Sixteen.zero
      var o0 = Sixteen.zero, o1 = Sixteen.zero, o2 = Sixteen.zero, o3 = Sixteen.zero
      while pair < end {
        let (first, second) = Codec.pair(place)
        let p = 2 &* pair
        e0 = adding(e0, Sixteen(repeating: x0[p]), first)
        e1 = adding(e1, Sixteen(repeating: x1[p]), first)
        e2 = adding(e2, Sixteen(repeating: x2[p]), first)
        e3 = adding(e3, Sixteen(repeating: x3[p]), first)
        o0 = adding(o0, Sixteen(repeating: x0[p &+ 1]), second)
        o1 = adding(o1, Sixteen(repeating: x1[p &+ 1]), second)
        o2 = adding(o2, Sixteen(repeating: x2[p &+ 1]), second)
        o3 = adding(o3, Sixteen(repeating: x3[p &+ 1]), second)
        pair &+= 1
        place += Codec.pairBytes
      }
      let scale = Scales.read(side.scales + group &* Scales.bytes)
      y0 = adding(y0, e0 + o0, scale)
      y1 = adding(y1, e1 + o1, scale)
      y2 = adding(y2, e2 + o2, scale)
      y3 = adding(y3, e3 + o3, scale)
      if let shift = side.shift(group, scale) {
        y0 = adding(y0, side.sum(row, group), shift)
        y1 = adding(y1, side.sum(row + r1, group), shift)
        y2 = adding(y2, side.sum(row + r2, group), shift)
        y3 = adding(y3, side.sum(row + r3, group), shift)
      }
      group &+= 1
    }
    return (y0, y1, y2, y3)
  }

  @inline(__always)
  private func put(_ sums: Sixteen, _ width: Int, _ out: UnsafeMutablePointer<Float>) {
    if width == 16 { return store(sums, out) }
    for lane in 0..<width { out[lane] = sums[lane] }
  }

  /// Widens the codes of a panel; scales are applied later.
  private func widen(_ panel: Int, into out: UnsafeMutablePointer<Float>) {
    let codes = matrix.codes(of: panel)
    for pair in 0..<matrix.pairs {
      let (first, second) = Codec.pair(codes + pair &* Codec.pairBytes)
      store(first, out + pair &* 32)
      store(second, out + (pair &* 32 &+ 16))
    }
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

/// What stands beside the codes of a panel.
private struct PanelSide {
  let scales: UnsafeRawPointer
  private let zeros: UnsafeRawPointer?
  private let sums: UnsafePointer<Float>?
  private let groups: Int

  init(_ matrix: PackedPanels, _ panel: Int, _ sums: UnsafePointer<Float>?) {
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
