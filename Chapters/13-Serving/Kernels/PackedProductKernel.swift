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
    /// The most rows that meet a panel at once, and two panels at once; the sums of more would not
    /// fit into the registers.
    private static var tileRows: (one: Int, two: Int) { (8, 4) }
  #else
    private static var tileRows: (one: Int, two: Int) { (4, 2) }
  #endif

  /// Multiplies some rows by all panels.
  /// - Parameters:
  ///   - sums: the sums of each group of each row, if there are zero points.
  ///   - work: what it costs, in operations.
  func multiply(
    _ m: Int, _ x: RowsIn, into y: RowsOut, sums: UnsafePointer<Float>?, work: Int
  ) {
    nonisolated(unsafe) let sums = sums
    guard work >= Threads.smallestShare, !Threads.isAlone else {
      return multiply(m, x, 0..<matrix.count, into: y, sums)
    }
    let couples = (matrix.count + 1) / 2
    let pieces = min(8, couples)
    Threads.forEachBlock(pieces, work: work) { piece in
      let first = 2 * (piece * couples / pieces)
      let end = min(matrix.count, 2 * ((piece + 1) * couples / pieces))
      multiply(m, x, first..<end, into: y, sums)
    }
  }

  private func multiply(
    _ m: Int, _ x: RowsIn, _ panels: Range<Int>, into y: RowsOut, _ sums: UnsafePointer<Float>?
  ) {
    // To widen the weights of two panels for half as many rows at once would be twice the work.
    let couples = !Codec.widens || m <= Self.tileRows.two
    var panel = panels.lowerBound
    while panel < panels.upperBound {
      let side = PanelSide(matrix, panel, sums)
      let out = RowsOut(base: y.base + panel * 16, row: y.row)
      if couples, panel + 1 < panels.upperBound {
        multiply(m, x, side, into: out, Self.tileRows.two, TwoPanels.self)
        panel += 2
      } else {
        multiply(m, x, side, into: out, Self.tileRows.one, OnePanel.self)
        panel += 1
      }
    }
  }

  @inline(__always)
  private func multiply<Numbers: PanelNumbers>(
    _ m: Int, _ x: RowsIn, _ side: PanelSide, into out: RowsOut, _ most: Int, _: Numbers.Type
  ) {
    typealias Four = FourRows<Numbers>
    var row = 0
    while row < m {
      let count = min(most, m - row)
      switch count {
      case 1: put(OneRow<Numbers>.self, x, row, side, out)
      case 2: put(TwoRows<Numbers>.self, x, row, side, out)
      case 3: put(ThreeRows<Numbers>.self, x, row, side, out)
      case 4: put(Four.self, x, row, side, out)
      case 5: put(Rows<Four, OneRow<Numbers>>.self, x, row, side, out)
      case 6: put(Rows<Four, TwoRows<Numbers>>.self, x, row, side, out)
      case 7: put(Rows<Four, ThreeRows<Numbers>>.self, x, row, side, out)
      default: put(Rows<Four, Four>.self, x, row, side, out)
      }
      row += count
    }
  }

  @inline(__always)
  private func put<Tile: RowTile>(
    _: Tile.Type, _ x: RowsIn, _ row: Int, _ side: PanelSide, _ out: RowsOut
  ) {
    sums(Tile(x, row), side, row)
      .put(side.outputs, RowsOut(base: out.base + row * out.row, row: out.row))
  }

  // snippet.packed-row
  /// Some rows times the outputs of some panels, whose weights are widened once.
  @inline(__always)
  private func sums<Tile: RowTile>(_ tile: Tile, _ side: PanelSide, _ row: Int) -> Tile.Sums {
    typealias Numbers = Tile.Sums.Numbers
    var result = Tile.Sums()
    var (pair, group, place) = (0, 0, side.codes)
    while pair < matrix.pairs {
      let end = min(pair &+ matrix.groupPairs, matrix.pairs)
      var (even, odd) = (Tile.Sums(), Tile.Sums())
      while pair < end {
        let first = Numbers { Codec.pair(place + $0 &* matrix.codeBytes).first }
        let second = Numbers { Codec.pair(place + $0 &* matrix.codeBytes).second }
        tile.add(first, column: 2 &* pair, to: &even)
        tile.add(second, column: 2 &* pair &+ 1, to: &odd)
        pair &+= 1
        place += Codec.pairBytes
      }
      result.add(even, odd, Numbers { side.scale(group, of: $0, as: Scales.self) })
      if side.hasZeros {
        let shift = Numbers { side.shift(group, of: $0, as: Scales.self) }
        result.add(shift, side, row, group)
      }
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

/// Where the codes of a panel and its neighbours begin, and what stands beside them.
struct PanelSide {
  let codes: UnsafeRawPointer
  /// The outputs from here to the end of the matrix.
  let outputs: Int
  private let matrix: PackedPanels
  private let scales: UnsafeRawPointer
  private let zeros: UnsafeRawPointer?
  private let sums: UnsafePointer<Float>?

  init(_ matrix: PackedPanels, _ panel: Int, _ sums: UnsafePointer<Float>?) {
    self.matrix = matrix
    codes = matrix.codes(of: panel)
    scales = matrix.scales(of: panel)
    zeros = sums == nil ? nil : matrix.zeros(of: panel)
    self.sums = sums
    outputs = matrix.rows - panel * 16
  }

  /// The scales of a group of a panel.
  @inline(__always)
  func scale<Scales: ScaleCodec>(_ group: Int, of panel: Int, as _: Scales.Type) -> Sixteen {
    Scales.read(scales + (panel &* matrix.scaleBytes &+ group &* Scales.bytes))
  }

  @inline(__always)
  var hasZeros: Bool { zeros != nil }

  // snippet.zero-point
  /// −z s of a group: Σ x (q − z) s = s Σ x q − z s Σ x.
  @inline(__always)
  func shift<Scales: ScaleCodec>(_ group: Int, of panel: Int, as _: Scales.Type) -> Sixteen {
    guard let zeros else { return .zero }
    let bytes = zeros.loadUnaligned(
      fromByteOffset: (panel &* matrix.groups &+ group) &* 16, as: Integers.Bytes.self)
    return -Integers.widened(bytes) * scale(group, of: panel, as: Scales.self)
  }
  // snippet.end

  /// Σ x over a group of a row.
  @inline(__always)
  func sum(_ row: Int, _ group: Int) -> Float {
    sums.map { $0[row &* matrix.groups &+ group] } ?? 0
  }
}
