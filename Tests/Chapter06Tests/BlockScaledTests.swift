import FP8
import Tensors
import TestSupport
import Testing

/// A matrix whose rows and columns differ in size, so that each group has a scale of its own.
private func uneven(_ rows: Int, _ columns: Int, seed: UInt64 = 5) -> Tensor {
  var generator = SplitMix64(seed: seed)
  let entries = (0..<rows * columns).map { place in
    let size = Double(place / columns % 7 - 3) + Double(place % columns / 16 % 5)
    return Float(generator.normal() * exp2(size))
  }
  return Tensor(entries, shape: [rows, columns])
}

private func exp2(_ x: Double) -> Double {
  Double(sign: .plus, exponent: Int(x.rounded(.down)), significand: 1)
}

/// The definition, number by number.
private struct Twin {
  var scales: [Float]
  var codes: [UInt16]
  var values: [Float]

  init(_ matrix: Tensor, _ format: FloatFormat, _ group: ScaleGroup, _ rule: ScaleRule) {
    let (rows, columns, x) = (matrix.rows, matrix.columns, matrix.scalars)
    let across = (columns + group.columns - 1) / group.columns
    let down = (rows + group.rows - 1) / group.rows
    var largest = [Float](repeating: 0, count: down * across)
    func place(_ row: Int, _ column: Int) -> Int {
      row / group.rows * across + column / group.columns
    }
    for row in 0..<rows {
      for column in 0..<columns {
        let group = place(row, column)
        largest[group] = max(largest[group], abs(x[row * columns + column]))
      }
    }
    scales = largest.map { amax in
      let scale = max(amax, 1e-4) / Float(format.largest)
      guard rule == .powerOfTwo else { return scale }
      var power: Float = 0x1p-126
      while power < scale { power *= 2 }
      return power
    }
    codes = []
    values = []
    for row in 0..<rows {
      for column in 0..<columns {
        let scale = scales[place(row, column)]
        let code = format.code(of: Double(x[row * columns + column] / scale))
        codes.append(code)
        values.append(Float(format.value(of: code)) * scale)
      }
    }
  }
}

private let groups: [ScaleGroup] = [
  .tile, .block, .column, ScaleGroup(rows: 3, columns: 48), ScaleGroup(rows: 1000, columns: 1),
  ScaleGroup(rows: 1000, columns: 1008),
]
private let formats: [FloatFormat] = [.e4m3, .e5m2, .e5m6]

@Suite struct `A matrix with scales` {
  @Test(arguments: groups, [ScaleRule.single, .powerOfTwo])
  func `is what the definition says, ragged edges too`(
    _ group: ScaleGroup, _ rule: ScaleRule
  ) {
    for (rows, columns) in [(1, 1), (5, 131), (130, 47), (129, 128), (3, 300)] {
      let matrix = uneven(rows, columns)
      for format in formats {
        let twin = Twin(matrix, format, group, rule)
        let scaled = BlockScaled(matrix, in: format, by: group, scales: rule)
        #expect(scaled.scales.shape == group.grid(rows: rows, columns: columns))
        #expect(scaled.scales.bits == twin.scales.map(\.bitPattern))
        let values = scaled.tensor
        #expect(values.shape == matrix.shape)
        let isEqual = values.bits == twin.values.map(\.bitPattern)
        #expect(isEqual, "\(format), \(rows) × \(columns)")
        if format.bits == 8 {
          let isSame = scaled.codes.bytes == twin.codes.map { UInt8($0) }
          #expect(isSame, "\(format), \(rows) × \(columns)")
        }
      }
    }
  }

  @Test func `by hand`() {
    // The largest magnitude is 448, so the scale is 1. Tie 17 goes to the even 16, 19 to 20;
    // below 2⁻⁶ the steps are 2⁻⁹, and half a step goes to zero.
    let row: [Float] = [448, 17, -19, 0.3, 0x1p-10, -0x1.8p-9, -0.0]
    let scaled = BlockScaled(Tensor(row, shape: [1, 7]), by: .tile)
    #expect(scaled.scales.scalars == [1])
    #expect(scaled.codes.bytes == [0x7E, 0x58, 0xDA, 0x2A, 0x00, 0x82, 0x80])
    #expect(scaled.tensor.scalars == [448, 16, -20, 0.3125, 0, -0x1p-8, 0])
    // Half as large, every number has the same code and half the scale.
    let halves = BlockScaled(Tensor(row.map { $0 / 2 }, shape: [1, 7]), by: .tile)
    #expect(halves.codes == scaled.codes && halves.scales.scalars == [0.5])
  }

  @Test func `takes the scale of a group of zeros from the smallest magnitude that counts`() {
    let zeros = BlockScaled(Tensor(shape: [2, 130]), by: .tile)
    #expect(zeros.tensor == Tensor(shape: [2, 130]))
    #expect(zeros.scales.scalars == Array(repeating: 1e-4 / 448, count: 4))
    // 1e-5 is a tenth of it: a tenth of 448 is 44.8, and the nearest code is 44.
    let tiny = BlockScaled(Tensor(repeating: 1e-5, shape: [1, 16]), by: .tile)
    #expect(tiny.tensor.scalars[0] == 44 * (1e-4 / 448))
  }

  @Test func `takes what it says and no more`() {
    let matrix = Tensor.test(100, 256)
    #expect(BlockScaled(matrix, by: .tile).byteCount == 100 * 256 + 4 * 200)
    #expect(BlockScaled(matrix, by: .block).byteCount == 100 * 256 + 4 * 2)
    let twelve = BlockScaled(matrix, in: .e5m6, by: .tile, scales: .powerOfTwo)
    #expect(twelve.byteCount == 100 * 256 * 3 / 2 + 4 * 200)
    #expect(BlockScaled(Tensor(shape: [0, 5]), by: .block).tensor.shape == [0, 5])
    #expect(BlockScaled(Tensor.test(2, 3, 8), by: .tile).scales.shape == [6, 1])
  }

  @Test func `keeps a NaN where it is, and an infinity spoils its group`() {
    for format in formats {
      for group in [ScaleGroup.tile, .column, ScaleGroup(rows: 2, columns: 64)] {
        var matrix = Tensor.test(4, 70)
        let clean = BlockScaled(matrix, in: format, by: group).tensor
        matrix[1, 69] = .nan
        matrix[1, 3] = -.nan
        // The place of a NaN does not count for the scale; here neither was the largest.
        matrix[0, 0] = 3
        let values = BlockScaled(matrix, in: format, by: group).tensor
        #expect(values[1, 69].isNaN && values[1, 3].isNaN)
        #expect(values.scalars.filter(\.isNaN).count == 2, "\(format) \(group)")
        #expect(values[3, 5] == clean[3, 5])
        matrix[2, 7] = .infinity
        let spoilt = BlockScaled(matrix, in: format, by: group).tensor
        #expect(spoilt[2, 7].isNaN && !spoilt[0, 7].isInfinite)
      }
    }
  }

  @Test func `is the same for any number of threads`() {
    let matrix = uneven(300, 700)
    for format in formats {
      for group in [ScaleGroup.tile, .block, .column] {
        let results = [1, 2, 5].map { threads in
          Threads.with(threads) { BlockScaled(matrix, in: format, by: group) }
        }
        #expect(results[0] == results[1] && results[1] == results[2])
        let tensors = [1, 3].map { threads in Threads.with(threads) { results[0].tensor.bits } }
        let isEqual = tensors[0] == tensors[1]
        #expect(isEqual)
      }
    }
  }

  // snippet.regrouped
  /// In tiles along the rows first, as forward needs it, and then along the columns for backward.
  @Test func `is grouped anew with hardly a loss when scales are powers of two`() {
    let matrix = Tensor.gaussian(512, 1024)
    func twice(_ rule: ScaleRule) -> (first: BlockScaled, second: BlockScaled) {
      let first = BlockScaled(matrix, by: .tile, scales: rule)
      return (first, first.regrouped(by: .column, scales: rule))
    }
    let powers = twice(.powerOfTwo)
    #expect(abs(matrix.error(of: powers.first.tensor) - 0.0266) < 0.0001)
    // Only a number that is subnormal under its new scale may change: two of half a million do.
    let scales = powers.second.scales.scalars
    let (before, after) = (powers.first.tensor.scalars, powers.second.tensor.scalars)
    let changed = before.indices.filter { before[$0] != after[$0] }
    #expect(changed.count < 5)
    for place in changed {
      let scale = scales[place / 1024 / 128 * 1024 + place % 1024]
      #expect(abs(before[place]) < 0x1p-6 * scale)
    }
    let singles = twice(.single)
    let (once, again) = (singles.first.tensor, singles.second.tensor)
    #expect(abs(matrix.error(of: once) - 0.0257) < 0.0001)
    #expect(abs(once.error(of: again) - 0.0257) < 0.0003)
    #expect(abs(matrix.error(of: again) - 0.0365) < 0.0003)
  }
  // snippet.end

  @Test func `errs as much as the formats do on Gaussian numbers`() {
    let matrix = Tensor.gaussian(512, 1024)
    func error(_ format: FloatFormat, _ rule: ScaleRule) -> Double {
      matrix.error(of: BlockScaled(matrix, in: format, by: .tile, scales: rule).tensor)
    }
    #expect(abs(error(.e4m3, .single) - 0.0257) < 0.0001)
    #expect(abs(error(.e4m3, .powerOfTwo) - 0.0266) < 0.0001)
    #expect(abs(error(.e5m2, .single) - 0.0513) < 0.0002)
    #expect(abs(error(.e5m6, .powerOfTwo) - 0.0033) < 0.0001)
    let brain = Tensor(
      matrix.scalars.map { Float(FloatFormat.brain.rounded(Double($0))) }, shape: matrix.shape)
    #expect(abs(matrix.error(of: brain) - 0.0017) < 0.0001)
  }
}

extension Tensor {
  /// Normally distributed numbers.
  static func gaussian(_ rows: Int, _ columns: Int) -> Tensor {
    var generator = SplitMix64(seed: 6)
    return .normal(shape: [rows, columns], using: &generator)
  }

  /// The length of the difference to another tensor, relative to its own.
  func error(of other: Tensor) -> Double {
    let difference = self - other
    return (difference.squares / squares).squareRoot()
  }

  private var squares: Double { withScalars { $0.reduce(0) { $0 + Double($1) * Double($1) } } }

  /// The bits of the numbers, for which -0 differs from 0 and one NaN equals another.
  var bits: [UInt32] { scalars.map { $0.isNaN ? Float.nan.bitPattern : $0.bitPattern } }
}
