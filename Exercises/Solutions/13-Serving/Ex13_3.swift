/// The answer to exercise 13.3.
///
/// Why this way: three mistakes, each of which a small test forgives. Half a byte of 8 is −8, the most negative
/// code, and not 8; symmetric rounding never writes it, so the mistake sleeps until somebody's
/// checkpoint does. A row of five columns has three bytes; with two of them every later row begins within its
/// neighbour. And the scales lie row by row. Read column by column they are all real scales, of other
/// weights: every number is finite and of the right size. With one group a row the two orders are the same.
public func nibbleProduct(
  _ packed: [UInt8], scales: [Double], rows: Int, columns: Int, group: Int, _ x: [Double]
) throws -> [Double] {
  NibbleReader(packed, scales, rows, columns, group).product(x)
}

/// The rule, and what mutants change of it.
private struct NibbleReader {
  enum Sign { case twosComplement, eightIsPositive, lifted, none }
  enum Order { case byRow, byColumn, ofRows }
  let (packed, scales): ([UInt8], [Double])
  let (rows, columns, group): (Int, Int, Int)
  var sign = Sign.twosComplement
  var order = Order.byRow
  var roundsUp = true
  var lowerFirst = true

  init(
    _ packed: [UInt8], _ scales: [Double], _ rows: Int, _ columns: Int, _ group: Int
  ) {
    (self.packed, self.scales) = (packed, scales)
    (self.rows, self.columns, self.group) = (rows, columns, group)
  }

  func product(_ x: [Double]) -> [Double] {
    let bytes = roundsUp ? (columns + 1) / 2 : columns / 2
    let groups = (columns + group - 1) / group
    return (0..<rows).map { i in
      (0..<columns).reduce(0) { sum, j in
        let byte = packed[i * bytes + j / 2]
        let half = Int(j.isMultiple(of: 2) == lowerFirst ? byte & 15 : byte >> 4)
        let place =
          switch order {
          case .byRow: i * groups + j / group
          case .byColumn: j / group * rows + i
          case .ofRows: min(i / group * groups + j / group, scales.count - 1)
          }
        return sum + Double(code(half)) * scales[place] * x[j]
      }
    }
  }

  private func code(_ half: Int) -> Int {
    switch sign {
    case .twosComplement: half >= 8 ? half - 16 : half
    case .eightIsPositive: half > 8 ? half - 16 : half
    case .lifted: half - 8
    case .none: half
    }
  }
}

/// Wrong answers to exercise 13.3.
public enum Mutants13_3 {
  private static func changed(
    _ packed: [UInt8], _ scales: [Double], _ rows: Int, _ columns: Int, _ group: Int,
    _ x: [Double], _ change: (inout NibbleReader) -> Void
  ) -> [Double] {
    var reader = NibbleReader(packed, scales, rows, columns, group)
    change(&reader)
    return reader.product(x)
  }

  /// Leaves all three mistakes.
  public static func leavesIt(
    _ packed: [UInt8], scales: [Double], rows: Int, columns: Int, group: Int, _ x: [Double]
  ) throws -> [Double] {
    changed(packed, scales, rows, columns, group, x) {
      ($0.sign, $0.order, $0.roundsUp) = (.eightIsPositive, .byColumn, false)
    }
  }

  /// Takes −8 for 8.
  public static func leavesTheSign(
    _ packed: [UInt8], scales: [Double], rows: Int, columns: Int, group: Int, _ x: [Double]
  ) throws -> [Double] {
    changed(packed, scales, rows, columns, group, x) { $0.sign = .eightIsPositive }
  }

  /// Reads the scales along the other axis.
  public static func leavesTheAxis(
    _ packed: [UInt8], scales: [Double], rows: Int, columns: Int, group: Int, _ x: [Double]
  ) throws -> [Double] {
    changed(packed, scales, rows, columns, group, x) { $0.order = .byColumn }
  }

  /// Lets a row begin within a byte of its neighbour.
  public static func leavesTheOddColumn(
    _ packed: [UInt8], scales: [Double], rows: Int, columns: Int, group: Int, _ x: [Double]
  ) throws -> [Double] {
    changed(packed, scales, rows, columns, group, x) { $0.roundsUp = false }
  }

  /// Groups the rows and not the columns.
  public static func groupsTheRows(
    _ packed: [UInt8], scales: [Double], rows: Int, columns: Int, group: Int, _ x: [Double]
  ) throws -> [Double] {
    changed(packed, scales, rows, columns, group, x) { $0.order = .ofRows }
  }

  /// Takes codes for lifted ones, as they lie in files.
  public static func liftsTheCodes(
    _ packed: [UInt8], scales: [Double], rows: Int, columns: Int, group: Int, _ x: [Double]
  ) throws -> [Double] {
    changed(packed, scales, rows, columns, group, x) { $0.sign = .lifted }
  }

  /// Knows no sign.
  public static func dropsTheSign(
    _ packed: [UInt8], scales: [Double], rows: Int, columns: Int, group: Int, _ x: [Double]
  ) throws -> [Double] {
    changed(packed, scales, rows, columns, group, x) { $0.sign = .none }
  }

  /// Reads the upper half first.
  public static func swapsTheHalves(
    _ packed: [UInt8], scales: [Double], rows: Int, columns: Int, group: Int, _ x: [Double]
  ) throws -> [Double] {
    changed(packed, scales, rows, columns, group, x) { $0.lowerFirst = false }
  }
}
