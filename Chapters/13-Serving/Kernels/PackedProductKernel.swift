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
        switch count {
        case 1: put(OneRow.self, x, row, side, width, out)
        case 2: put(TwoRows.self, x, row, side, width, out)
        case 3: put(Rows<TwoRows, OneRow>.self, x, row, side, width, out)
        case 4: put(FourRows.self, x, row, side, width, out)
        case 5: put(Rows<FourRows, OneRow>.self, x, row, side, width, out)
        case 6: put(Rows<FourRows, TwoRows>.self, x, row, side, width, out)
        case 7: put(Rows<FourRows, Rows<TwoRows, OneRow>>.self, x, row, side, width, out)
        default: put(Rows<FourRows, FourRows>.self, x, row, side, width, out)
        }
        row += count
      }
    }
  }

  @inline(__always)
  private func put<Tile: RowTile>(
    _: Tile.Type, _ x: RowsIn, _ row: Int, _ side: PanelSide, _ width: Int, _ out: RowsOut
  ) {
    sums(Tile(x, row), side, row)
      .put(width, RowsOut(base: out.base + row * out.row, row: out.row))
  }

  // snippet.packed-row
  /// Some rows times sixteen outputs, whose weights are widened once.
  @inline(__always)
  private func sums<Tile: RowTile>(_ tile: Tile, _ side: PanelSide, _ row: Int) -> Tile.Sums {
    var result = Tile.Sums()
    var (pair, group, place) = (0, 0, side.codes)
    while pair < matrix.pairs {
      let end = min(pair &+ matrix.groupPairs, matrix.pairs)
      var (even, odd) = (Tile.Sums(), Tile.Sums())
      while pair < end {
        let (first, second) = Codec.pair(place)
        tile.add(first, column: 2 &* pair, to: &even)
        tile.add(second, column: 2 &* pair &+ 1, to: &odd)
        pair &+= 1
        place += Codec.pairBytes
      }
      let scale = Scales.read(side.scales + group &* Scales.bytes)
      result.add(even, odd, scale)
      if let shift = side.shift(group, scale) { result.add(shift, side, row, group) }
      group &+= 1
    }
    return result
  }
  // snippet.end
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
struct PanelSide {
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
