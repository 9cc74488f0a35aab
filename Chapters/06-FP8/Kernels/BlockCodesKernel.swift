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
      var amax: Float = 0
      for row in 0..<rows {
        amax = max(amax, CodesRun<Codes>.amax(width, x + row * columns + start))
      }
      let scale = rule.scale(of: amax, largest: Codes.largest)
      scales[group] = scale
      for row in 0..<rows {
        CodesRun<Codes>.encode(
          width, x + row * columns + start, into: out + row * rowBytes + Codes.offset(of: start)
        ) { _ in SmallFloat.Lanes(repeating: scale) }
      }
      start += width
      group += 1
    }
  }

  /// Encodes groups of one column each, 128 of them at a time so that the cache keeps them.
  func encodeColumns(
    _ x: UnsafePointer<Float>, into out: UnsafeMutableRawPointer,
    scales: UnsafeMutablePointer<Float>, _ rule: ScaleRule
  ) {
    for start in stride(from: 0, to: columns, by: 128) {
      let width = min(128, columns - start)
      let scales = scales + start
      scales.update(repeating: 0, count: width)
      for row in 0..<rows {
        CodesRun<Codes>.raise(width, scales, to: x + row * columns + start)
      }
      for j in 0..<width { scales[j] = rule.scale(of: scales[j], largest: Codes.largest) }
      for row in 0..<rows {
        CodesRun<Codes>.encode(
          width, x + row * columns + start, into: out + row * rowBytes + Codes.offset(of: start)
        ) { CodesRun<Codes>.load(scales + $0, min(16, width - $0), filling: 1) }
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
