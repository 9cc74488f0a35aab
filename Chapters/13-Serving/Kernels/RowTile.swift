import Tensors

/// Some rows that meet the outputs of one panel or more together.
///
/// A tile is one row, or two smaller tiles one below the other. So there is one of each size, without
/// a row too many, and the compiler sees a plain list of sums that stay in registers.
protocol RowTile {
  associatedtype Sums: TileSums
  /// The tile that begins with a row.
  init(_ x: RowsIn, _ row: Int)
  /// Adds a column of each row times its weights.
  func add(_ weights: Sums.Numbers, column: Int, to sums: inout Sums)
}

/// The sums of a tile, one for each output of each row.
protocol TileSums {
  associatedtype Numbers: PanelNumbers
  /// The number of rows.
  static var count: Int { get }
  /// Zeros.
  init()
  /// Adds the sums of a group, scaled.
  mutating func add(_ even: Self, _ odd: Self, _ scale: Numbers)
  /// Adds what a zero point takes away, given the sum of each row's group.
  mutating func add(_ shift: Numbers, _ side: PanelSide, _ row: Int, _ group: Int)
  /// Writes some of the outputs of each row.
  func put(_ width: Int, _ out: RowsOut)
}

typealias TwoRows<Numbers: PanelNumbers> = Rows<OneRow<Numbers>, OneRow<Numbers>>
typealias ThreeRows<Numbers: PanelNumbers> = Rows<TwoRows<Numbers>, OneRow<Numbers>>
typealias FourRows<Numbers: PanelNumbers> = Rows<TwoRows<Numbers>, TwoRows<Numbers>>

/// The smallest tile.
struct OneRow<Numbers: PanelNumbers>: RowTile {
  private let x: UnsafePointer<Float>

  @inline(__always)
  init(_ x: RowsIn, _ row: Int) { self.x = x.base + row * x.row }

  @inline(__always)
  func add(_ weights: Numbers, column: Int, to sums: inout OneSum<Numbers>) {
    sums.values = Numbers.adding(sums.values, Numbers(repeating: x[column]), weights)
  }
}

/// The sums of one row.
struct OneSum<Numbers: PanelNumbers>: TileSums {
  static var count: Int { 1 }
  fileprivate var values = Numbers(repeating: 0)

  @inline(__always)
  mutating func add(_ even: OneSum, _ odd: OneSum, _ scale: Numbers) {
    values = Numbers.adding(values, even.values + odd.values, scale)
  }

  @inline(__always)
  mutating func add(_ shift: Numbers, _ side: PanelSide, _ row: Int, _ group: Int) {
    values = Numbers.adding(values, Numbers(repeating: side.sum(row, group)), shift)
  }

  @inline(__always)
  func put(_ width: Int, _ out: RowsOut) { values.put(width, out.base) }
}

/// Two tiles, one below the other.
struct Rows<Upper: RowTile, Lower: RowTile>: RowTile
where Upper.Sums.Numbers == Lower.Sums.Numbers {
  private let upper: Upper
  private let lower: Lower

  @inline(__always)
  init(_ x: RowsIn, _ row: Int) {
    upper = Upper(x, row)
    lower = Lower(x, row + Upper.Sums.count)
  }

  @inline(__always)
  func add(
    _ weights: Upper.Sums.Numbers, column: Int, to sums: inout RowSums<Upper.Sums, Lower.Sums>
  ) {
    upper.add(weights, column: column, to: &sums.upper)
    lower.add(weights, column: column, to: &sums.lower)
  }
}

/// The sums of two tiles.
struct RowSums<Upper: TileSums, Lower: TileSums>: TileSums
where Upper.Numbers == Lower.Numbers {
  static var count: Int { Upper.count + Lower.count }
  fileprivate var upper = Upper()
  fileprivate var lower = Lower()

  @inline(__always)
  mutating func add(_ even: Self, _ odd: Self, _ scale: Upper.Numbers) {
    upper.add(even.upper, odd.upper, scale)
    lower.add(even.lower, odd.lower, scale)
  }

  @inline(__always)
  mutating func add(_ shift: Upper.Numbers, _ side: PanelSide, _ row: Int, _ group: Int) {
    upper.add(shift, side, row, group)
    lower.add(shift, side, row + Upper.count, group)
  }

  @inline(__always)
  func put(_ width: Int, _ out: RowsOut) {
    upper.put(width, out)
    lower.put(width, RowsOut(base: out.base + Upper.count * out.row, row: out.row))
  }
}
