import Tensors

/// Some rows that meet sixteen outputs together.
///
/// A tile is one row, or two smaller tiles one below the other. So there is one of each size, without
/// a row too many, and the compiler sees a plain list of sums that stay in registers.
protocol RowTile {
  associatedtype Sums: TileSums
  /// The tile that begins with a row.
  init(_ x: RowsIn, _ row: Int)
  /// Adds a column of each row times its weights.
  func add(_ weights: Sixteen, column: Int, to sums: inout Sums)
}

/// The sums of a tile, sixteen outputs for each row.
protocol TileSums {
  /// The number of rows.
  static var count: Int { get }
  /// Zeros.
  init()
  /// Adds the sums of a group, scaled.
  mutating func add(_ even: Self, _ odd: Self, _ scale: Sixteen)
  /// Adds what a zero point takes away, given the sum of each row's group.
  mutating func add(_ shift: Sixteen, _ side: PanelSide, _ row: Int, _ group: Int)
  /// Writes some of the outputs of each row.
  func put(_ width: Int, _ out: RowsOut)
}

typealias TwoRows = Rows<OneRow, OneRow>
typealias FourRows = Rows<TwoRows, TwoRows>

/// The smallest tile.
struct OneRow: RowTile {
  private let x: UnsafePointer<Float>

  @inline(__always)
  init(_ x: RowsIn, _ row: Int) { self.x = x.base + row * x.row }

  @inline(__always)
  func add(_ weights: Sixteen, column: Int, to sums: inout OneSum) {
    sums.values = adding(sums.values, Sixteen(repeating: x[column]), weights)
  }
}

/// The sums of one row.
struct OneSum: TileSums {
  static var count: Int { 1 }
  fileprivate var values = Sixteen.zero

  @inline(__always)
  mutating func add(_ even: OneSum, _ odd: OneSum, _ scale: Sixteen) {
    values = adding(values, even.values + odd.values, scale)
  }

  @inline(__always)
  mutating func add(_ shift: Sixteen, _ side: PanelSide, _ row: Int, _ group: Int) {
    values = adding(values, side.sum(row, group), shift)
  }

  @inline(__always)
  func put(_ width: Int, _ out: RowsOut) {
    if width == 16 { return store(values, out.base) }
    for lane in 0..<width { out.base[lane] = values[lane] }
  }
}

/// Two tiles, one below the other.
struct Rows<Upper: RowTile, Lower: RowTile>: RowTile {
  private let upper: Upper
  private let lower: Lower

  @inline(__always)
  init(_ x: RowsIn, _ row: Int) {
    upper = Upper(x, row)
    lower = Lower(x, row + Upper.Sums.count)
  }

  @inline(__always)
  func add(_ weights: Sixteen, column: Int, to sums: inout RowSums<Upper.Sums, Lower.Sums>) {
    upper.add(weights, column: column, to: &sums.upper)
    lower.add(weights, column: column, to: &sums.lower)
  }
}

/// The sums of two tiles.
struct RowSums<Upper: TileSums, Lower: TileSums>: TileSums {
  static var count: Int { Upper.count + Lower.count }
  fileprivate var upper = Upper()
  fileprivate var lower = Lower()

  @inline(__always)
  mutating func add(_ even: Self, _ odd: Self, _ scale: Sixteen) {
    upper.add(even.upper, odd.upper, scale)
    lower.add(even.lower, odd.lower, scale)
  }

  @inline(__always)
  mutating func add(_ shift: Sixteen, _ side: PanelSide, _ row: Int, _ group: Int) {
    upper.add(shift, side, row, group)
    lower.add(shift, side, row + Upper.count, group)
  }

  @inline(__always)
  func put(_ width: Int, _ out: RowsOut) {
    upper.put(width, out)
    lower.put(width, RowsOut(base: out.base + Upper.count * out.row, row: out.row))
  }
}
