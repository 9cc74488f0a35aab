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
        #expect(scaled.scales.scalars == twin.scales)
        #expect(scaled.tensor.shape == matrix.shape)
        #expect(scaled.tensor.scalars == twin.values, "\(format), \(rows) × \(columns)")
        if format.bits == 8 {
          #expect(scaled.codes.bytes == twin.codes.map { UInt8($0) })
        }
      }
    }
  }
}
