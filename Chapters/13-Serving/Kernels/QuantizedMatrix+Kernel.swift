import Checkpoints
import FP8
import Tensors

extension QuantizedMatrix {
  /// What a product with some rows costs, in operations: weights are fetched and widened once, which
  /// takes the time of some ten.
  func work(_ rows: Int) -> Int { (10 + 2 * rows) * memory.panels * 16 * memory.columns }

  /// Multiplies a slice of each row, and writes a slice of each row of the result.
  func multiply(_ x: Tensor, column: Int, into y: Tensor, column target: Int) {
    let (inputs, outputs) = (memory.columns, memory.rows)
    insist(
      x.columns >= column + inputs && y.columns >= target + outputs && x.rows == y.rows,
      "QuantizedMatrix: rows \(x.shape) from column \(column) on meet \(shape), and go to "
        + "\(y.shape) from column \(target) on")
    multiply(
      x.rows, RowsIn(base: x.address + column, row: x.columns),
      into: RowsOut(base: y.fresh + target, row: y.columns))
    withExtendedLifetime((x, y)) {}
  }

  /// Multiplies rows, and writes the result over rows of another tensor.
  func multiply(_ x: Tensor, into y: Tensor, from row: Int) {
    insist(
      x.columns == memory.columns && y.columns == memory.rows && row + x.rows <= y.rows,
      "QuantizedMatrix: rows \(x.shape) meet \(shape), and go to \(y.shape) from row \(row) on")
    multiply(
      x.rows, RowsIn(base: x.address, row: x.columns),
      into: RowsOut(base: y.fresh + row * y.columns, row: y.columns))
    withExtendedLifetime((x, y)) {}
  }

  /// Multiplies rows in memory.
  func multiply(_ m: Int, _ x: RowsIn, into y: RowsOut) {
    guard memory.columns.isMultiple(of: 2) else { return multiplyPadded(m, x, into: y) }
    let sums = memory.hasZeros ? groupSums(m, x) : nil
    switch format {
    case .fp32: run(SingleCodec.self, NoScales.self, m, x, into: y, nil)
    case .bf16: run(BrainCodec.self, NoScales.self, m, x, into: y, nil)
    case .fp8: run(EightBitCodec.self, SingleScales.self, m, x, into: y, nil)
    case .integer(let integers) where integers.bits == 8:
      run(ByteCodec.self, BrainScales.self, m, x, into: y, sums)
    case .integer: run(NibbleCodec.self, BrainScales.self, m, x, into: y, sums)
    }
  }

  @inline(__always)
  private func run<Codec: WeightCodec, Scales: ScaleCodec>(
    _: Codec.Type, _: Scales.Type, _ m: Int, _ x: RowsIn, into y: RowsOut, _ sums: Tensor?
  ) {
    memory.withPanels { panels in
      PackedProductKernel<Codec, Scales>(matrix: panels)
        .multiply(m, x, into: y, sums: sums?.address, work: work(m))
    }
    withExtendedLifetime(sums) {}
  }

  /// Rows of odd length get a zero, which the last code is multiplied by.
  private func multiplyPadded(_ m: Int, _ x: RowsIn, into y: RowsOut) {
    let width = memory.columns + 1
    let padded = Tensor(uninitialized: [m, width])
    for row in 0..<m {
      let out = padded.fresh + row * width
      out.update(from: x.base + row * x.row, count: width - 1)
      out[width - 1] = 0
    }
    let even = QuantizedMatrix(format: format, memory: memory.padded)
    even.multiply(m, RowsIn(base: padded.address, row: width), into: y)
    withExtendedLifetime(padded) {}
  }

  private init(format: WeightFormat, memory: PackedMemory) {
    self.format = format
    self.memory = memory
  }

  /// Σ x over each group of each row, which zero points are multiplied by.
  private func groupSums(_ m: Int, _ x: RowsIn) -> Tensor {
    let (groups, width) = (memory.groups, 2 * memory.groupPairs)
    let sums = Tensor(uninitialized: [m, groups])
    for row in 0..<m {
      for group in 0..<groups {
        let first = group * width
        sums.fresh[row * groups + group] = RowKernel.sum(
          min(width, memory.columns - first), x.base + row * x.row + first)
      }
    }
    return sums
  }
}

extension PackedMemory {
  /// Packs numbers that need no scale.
  init(_ matrix: Tensor, _ layout: PackedLayout, in arena: PackedArena) {
    let (x, columns) = (matrix.address, matrix.columns)
    self.init(
      rows: matrix.shape[0], columns: columns, group: 0, layout,
      code: { x[$0 * columns + $1] }, scale: { _, _ in 1 }, zero: nil, in: arena)
    withExtendedLifetime(matrix) {}
  }

  /// Packs integers.
  init(_ codes: IntegerCodes, in arena: PackedArena) {
    let (columns, groups) = (codes.columns, codes.scales.columns)
    let scales = codes.scales.address
    self.init(
      rows: codes.rows, columns: columns, group: codes.format.group,
      codes.format.bits == 8 ? .bytes : .nibbles,
      code: { Float(codes.codes[$0 * columns + $1]) },
      scale: { scales[$0 * groups + $1] },
      zero: codes.zeros.isEmpty ? nil : { codes.zeros[$0 * groups + $1] }, in: arena)
    withExtendedLifetime(codes) {}
  }

  /// Packs the codes of E4M3: the numbers before their scale are exact in single precision.
  init(_ blocks: BlockScaled, in arena: PackedArena) {
    let (columns, group) = (blocks.columns, blocks.group)
    let (codes, scales) = (blocks.codes.address, blocks.scales.address)
    let across = blocks.scales.columns
    let values = (0...255).map { Float(FloatFormat.e4m3.value(of: UInt16($0))) }
    self.init(
      rows: blocks.rows, columns: columns, group: group.columns, .eightBit,
      code: { row, column in
        values[Int(codes.load(fromByteOffset: row * columns + column, as: UInt8.self))]
      },
      scale: { row, place in scales[row / group.rows * across + place] }, zero: nil, in: arena)
    withExtendedLifetime(blocks) {}
  }

  /// Some rows, widened and scaled.
  func rows(at places: [Int], _ format: WeightFormat) -> Tensor {
    switch format {
    case .fp32: rows(places, SingleCodec.self, NoScales.self)
    case .bf16: rows(places, BrainCodec.self, NoScales.self)
    case .fp8: rows(places, EightBitCodec.self, SingleScales.self)
    case .integer(let integers) where integers.bits == 8:
      rows(places, ByteCodec.self, BrainScales.self)
    case .integer: rows(places, NibbleCodec.self, BrainScales.self)
    }
  }

  private func rows<Codec: WeightCodec, Scales: ScaleCodec>(
    _ places: [Int], _: Codec.Type, _: Scales.Type
  ) -> Tensor {
    let result = Tensor(uninitialized: [places.count, columns])
    withPanels { panels in
      for (index, place) in places.enumerated() {
        let (panel, lane) = place.quotientAndRemainder(dividingBy: 16)
        let (codes, scales) = (panels.codes(of: panel), panels.scales(of: panel))
        let zeros = panels.zeros(of: panel)
        let out = result.fresh + index * columns
        for pair in 0..<pairs {
          let group = pair / groupPairs
          let (first, second) = Codec.pair(codes + pair * Codec.pairBytes)
          let scale = Scales.read(scales + group * Scales.bytes)[lane]
          let zero = zeros.map {
            Float($0.load(fromByteOffset: group * 16 + lane, as: Int8.self))
          }
          out[2 * pair] = (first[lane] - (zero ?? 0)) * scale
          if 2 * pair + 1 < columns { out[2 * pair + 1] = (second[lane] - (zero ?? 0)) * scale }
        }
      }
    }
    return result
  }
}
