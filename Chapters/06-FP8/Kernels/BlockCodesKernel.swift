import Checkpoints
import Tensors

extension Tensor {
  /// The codes of a matrix and the scales of its groups.
  func encoded(
    in format: FloatFormat, by group: ScaleGroup, scales rule: ScaleRule
  ) -> (codes: CodeBytes, scales: Tensor) {
    switch format {
    case .e4m3: encoded(as: E4M3Codes.self, by: group, rule)
    case .e5m2: encoded(as: E5M2Codes.self, by: group, rule)
    default: encoded(as: E5M6Codes.self, by: group, rule)
    }
  }

  private func encoded<Codes: SixteenCodes>(
    as _: Codes.Type, by group: ScaleGroup, _ rule: ScaleRule
  ) -> (codes: CodeBytes, scales: Tensor) {
    let (rows, columns) = (rows, columns)
    let grid = group.grid(rows: rows, columns: columns)
    let rowBytes = Codes.rowBytes(columns)
    let codes = CodeBytes(uninitialized: rows * rowBytes)
    let scales = Tensor(uninitialized: grid)
    nonisolated(unsafe) let (x, out, s) = (address, codes.fresh, scales.fresh)
    // A number is read twice and its code written: the time of some 30 operations.
    Rows.forEachBlock(grid[0], work: 30 * count) { _, bands in
      for band in bands {
        let first = band * group.rows
        let kernel = BandKernel<Codes>(
          rows: min(group.rows, rows - first), columns: columns, rowBytes: rowBytes)
        let (x, out) = (x + first * columns, out + first * rowBytes)
        if group.columns == 1 {
          kernel.encodeColumns(x, into: out, scales: s + band * columns, rule)
        } else {
          kernel.encode(
            x, into: out, scales: s + band * grid[1], groupColumns: group.columns, rule)
        }
      }
    }
    withExtendedLifetime(self) {}
    return (codes, scales)
  }
}

extension BlockScaled {
  /// The numbers that the codes stand for.
  var decoded: Tensor {
    switch format {
    case .e4m3: decoded(as: E4M3Codes.self)
    case .e5m2: decoded(as: E5M2Codes.self)
    default: decoded(as: E5M6Codes.self)
    }
  }

  private func decoded<Codes: SixteenCodes>(as _: Codes.Type) -> Tensor {
    let (rows, columns, group) = (rows, columns, group)
    let (rowBytes, across) = (Codes.rowBytes(columns), scales.columns)
    let result = Tensor(uninitialized: shape)
    nonisolated(unsafe) let (source, y, s) = (codes.address, result.fresh, scales.address)
    Rows.forEachBlock(scales.rows, work: 20 * result.count) { _, bands in
      for band in bands {
        let first = band * group.rows
        let kernel = BandKernel<Codes>(
          rows: min(group.rows, rows - first), columns: columns, rowBytes: rowBytes)
        let (source, y) = (source + first * rowBytes, y + first * columns)
        if group.columns == 1 {
          kernel.decodeColumns(source, into: y, scales: s + band * across)
        } else {
          kernel.decode(
            source, into: y, scales: s + band * across, groupColumns: group.columns)
        }
      }
    }
    withExtendedLifetime(self) {}
    return result
  }
}

/// The loops over the rows of one row of groups.
private struct BandKernel<Codes: SixteenCodes> {
  let rows: Int
  let columns: Int
  let rowBytes: Int

  /// Encodes groups of several columns, one after the other.
  func encode(
    _ x: UnsafePointer<Float>, into out: UnsafeMutableRawPointer,
    scales: UnsafeMutablePointer<Float>, groupColumns: Int, _ rule: ScaleRule
  ) {
    var (start, group) = (0, 0)
    while start < columns {
      let width = min(groupColumns, columns - start)
      let x = x + start
      let out = out + Codes.offset(of: start)
      var bits: UInt32 = 0
      for row in 0..<rows { CodesRun<Codes>.raise(&bits, width, to: x + row * columns) }
      let isBounded = bits < Float.infinity.bitPattern
      let amax = isBounded ? Float(bitPattern: bits) : amaxBesideNaN(width, x)
      let scale = rule.scale(of: amax, largest: Codes.largest)
      scales[group] = scale
      for row in 0..<rows {
        let (x, out) = (x + row * columns, out + row * rowBytes)
        if isBounded, Codes.isBytewise {
          CodesRun<Codes>.encodeBounded(width, x, into: out) { _ in scale }
        } else {
          CodesRun<Codes>.encode(width, x, into: out) { _ in
            SmallFloat.Lanes(repeating: scale)
          }
        }
      }
      start += width
      group += 1
    }
  }

  /// The largest magnitude of a group in which there is a NaN or an infinity; a NaN does not count.
  private func amaxBesideNaN(_ width: Int, _ x: UnsafePointer<Float>) -> Float {
    var most: Float = 0
    for row in 0..<rows {
      for j in row * columns..<row * columns + width where most < abs(x[j]) { most = abs(x[j]) }
    }
    return most
  }

  /// Encodes groups of one column each, 512 of them at a time so that the cache keeps them.
  func encodeColumns(
    _ x: UnsafePointer<Float>, into out: UnsafeMutableRawPointer,
    scales: UnsafeMutablePointer<Float>, _ rule: ScaleRule
  ) {
    for start in stride(from: 0, to: columns, by: 512) {
      let width = min(512, columns - start)
      let (x, out, scales) = (x + start, out + Codes.offset(of: start), scales + start)
      scales.update(repeating: 0, count: width)
      for row in 0..<rows { CodesRun<Codes>.raiseBits(width, scales, to: x + row * columns) }
      var bits: UInt32 = 0
      CodesRun<Codes>.raise(&bits, width, to: scales)
      let isBounded = bits < Float.infinity.bitPattern
      if !isBounded {
        scales.update(repeating: 0, count: width)
        for row in 0..<rows { CodesRun<Codes>.raise(width, scales, to: x + row * columns) }
      }
      for j in 0..<width { scales[j] = rule.scale(of: scales[j], largest: Codes.largest) }
      for row in 0..<rows {
        let (x, out) = (x + row * columns, out + row * rowBytes)
        if isBounded, Codes.isBytewise {
          CodesRun<Codes>.encodeBounded(width, x, into: out) { scales[$0] }
        } else {
          CodesRun<Codes>.encode(width, x, into: out) {
            CodesRun<Codes>.load(scales + $0, min(16, width - $0), filling: 1)
          }
        }
      }
    }
  }

  /// Decodes groups of several columns.
  func decode(
    _ source: UnsafeRawPointer, into y: UnsafeMutablePointer<Float>,
    scales: UnsafePointer<Float>, groupColumns: Int
  ) {
    for row in 0..<rows {
      var (start, group) = (0, 0)
      while start < columns {
        let width = min(groupColumns, columns - start)
        let scale = SmallFloat.Lanes(repeating: scales[group])
        CodesRun<Codes>.decode(
          width, source + row * rowBytes + Codes.offset(of: start),
          into: y + row * columns + start
        ) { _ in scale }
        start += width
        group += 1
      }
    }
  }

  /// Decodes groups of one column each.
  func decodeColumns(
    _ source: UnsafeRawPointer, into y: UnsafeMutablePointer<Float>,
    scales: UnsafePointer<Float>
  ) {
    for row in 0..<rows {
      CodesRun<Codes>.decode(columns, source + row * rowBytes, into: y + row * columns) {
        CodesRun<Codes>.load(scales + $0, min(16, columns - $0), filling: 1)
      }
    }
  }
}

extension CodeBytes {
  /// The codes of numbers as they are, without any scale; those too large become the largest.
  package init(_ matrix: Tensor, in format: FloatFormat) {
    switch format {
    case .e4m3: self.init(matrix, as: E4M3Codes.self)
    case .e5m2: self.init(matrix, as: E5M2Codes.self)
    default: self.init(matrix, as: E5M6Codes.self)
    }
  }

  private init<Codes: SixteenCodes>(_ matrix: Tensor, as _: Codes.Type) {
    let (rows, columns) = (matrix.rows, matrix.columns)
    let rowBytes = Codes.rowBytes(columns)
    self.init(uninitialized: rows * rowBytes)
    nonisolated(unsafe) let (x, out) = (matrix.address, fresh)
    Rows.forEachBlock(rows, work: 25 * matrix.count) { _, range in
      for row in range {
        CodesRun<Codes>.encode(columns, x + row * columns, into: out + row * rowBytes) { _ in
          SmallFloat.Lanes(repeating: 1)
        }
      }
    }
    withExtendedLifetime(matrix) {}
  }
}
