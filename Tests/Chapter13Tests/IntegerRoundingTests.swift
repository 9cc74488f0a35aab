import Checkpoints
import Foundation
import Serving
import Tensors
import TestSupport
import Testing

@Suite struct `Rounding to integers` {
  // snippet.worked
  @Test func `follows the worked example`() {
    let row = Tensor([0.7, -0.35, 0.1, 0.0], shape: [1, 4])
    let four = IntegerCodes(rounding: row, to: IntegerFormat(bits: 4, group: 4))
    // 0.7 / 7 = 0.1, rounded up to brain floating point.
    #expect(four.scales.scalars == [0.100_097_656_25])
    #expect(four.codes == [7, -3, 1, 0])

    let uneven = Tensor([0, 0.25, 1.0, 3.75], shape: [1, 4])
    let asymmetric = IntegerCodes(
      rounding: uneven, to: IntegerFormat(bits: 4, group: 4, isSymmetric: false))
    #expect(asymmetric.scales.scalars == [0.25] && asymmetric.zeros == [-8])
    #expect(asymmetric.codes == [-8, -7, -4, 7])
    #expect(
      asymmetric.tensor == uneven, "sixteen steps of a quarter hold these numbers exactly")
  }
  // snippet.end

  @Test(arguments: [4, 8], [true, false])
  func `errs by half a step at most`(_ bits: Int, _ isSymmetric: Bool) {
    let format = IntegerFormat(bits: bits, group: 6, isSymmetric: isSymmetric)
    let matrix = Tensor.test(9, 20, seed: UInt64(bits))
    let codes = IntegerCodes(rounding: matrix, to: format)
    let rounded = codes.tensor
    var largest = 0.0
    for row in 0..<9 {
      for column in 0..<20 {
        let step = Double(codes.scales[row, column / 6])
        let error = abs(Double(rounded[row, column]) - Double(matrix[row, column])) / step
        largest = max(largest, error)
      }
    }
    #expect(largest <= 0.500_01)
    #expect(largest > 0.4, "some number of 180 lies near the middle of two steps")
  }

  @Test func `spends the range of a lopsided group twice as well with a zero point`() {
    let lopsided = Tensor(Tensor.test(4, 32).scalars.map { $0 + 2 }, shape: [4, 32])
    func error(_ isSymmetric: Bool) -> Double {
      let format = IntegerFormat(bits: 4, isSymmetric: isSymmetric)
      let rounded = IntegerCodes(rounding: lopsided, to: format).tensor
      return zip(rounded.doubles, lopsided.doubles).reduce(0) { $0 + pow($1.0 - $1.1, 2) }
    }
    let gain = error(true) / error(false)
    #expect(gain > 3 && gain < 6, "half the step is a quarter of the squared error: \(gain)")
  }

  @Test func `keeps zeros, and groups of nothing else`() {
    for isSymmetric in [true, false] {
      let format = IntegerFormat(bits: 4, group: 4, isSymmetric: isSymmetric)
      let matrix = Tensor([0, 0, 0, 0, 0, 3, 5, 4], shape: [2, 4])
      let rounded = IntegerCodes(rounding: matrix, to: format).tensor.scalars
      #expect(rounded[0..<5].allSatisfy { $0 == 0 })
    }
  }

  @Test func `changes nothing when it is done again`() {
    for format in [IntegerFormat(bits: 4), IntegerFormat(bits: 8, group: 10)] {
      let once = IntegerCodes(rounding: .test(5, 40), to: format)
      let twice = IntegerCodes(rounding: once.tensor, to: format)
      #expect(twice.codes == once.codes)
    }
  }
}

@Suite struct `Stored integers` {
  @Test func `lie in words of 32 bits, the first code lowest`() throws {
    let codes = IntegerCodes(
      IntegerFormat(bits: 4, group: 8), rows: 1, columns: 8,
      codes: [-8, -7, 0, 7, 1, 2, 3, -1], scales: Tensor([0.5], shape: [1, 1]))
    let stored = try file(codes.storedTensors("x.weight"))
    let words = try stored.bytes("x.weight_packed", as: .i32, shape: [1, 1])
    // Codes plus eight: 0 1 8 15 9 10 11 7, from the right.
    #expect([UInt8](words) == [0x10, 0xF8, 0xA9, 0x7B])
    #expect(
      try [UInt8](stored.bytes("x.weight_shape", as: .i64, shape: [2]))
        == [1, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0])
  }

  @Test func `put zero points into words along a column`() throws {
    let codes = IntegerCodes(
      IntegerFormat(bits: 8, group: 2, isSymmetric: false), rows: 3, columns: 4,
      codes: [Int8](repeating: 0, count: 12), scales: Tensor(repeating: 1, shape: [3, 2]),
      zeros: [-128, 1, -127, 2, -126, 3])
    let stored = try file(codes.storedTensors("x.weight"))
    let words = try stored.bytes("x.weight_zero_point", as: .i32, shape: [1, 2])
    #expect([UInt8](words) == [0, 1, 2, 0, 129, 130, 131, 0])
  }

  @Test(arguments: [4, 8], [true, false])
  func `come back as they went`(_ bits: Int, _ isSymmetric: Bool) throws {
    let format = IntegerFormat(bits: bits, group: 6, isSymmetric: isSymmetric)
    let codes = IntegerCodes(rounding: .test(5, 13), to: format)
    let scratch = try Scratch()
    try StoredTensors.write(codes.storedTensors("a.weight"), in: scratch.url)
    let stored = try StoredTensors(in: scratch.url, integers: format)
    #expect(try stored.integerCodes("a.weight", shape: [5, 13]) == codes)
    #expect(try stored.tensor("a.weight", shape: [5, 13]) == codes.tensor)
    try stored.require([("a.weight", [5, 13])])
    #expect(stored.weightCount >= 5 * 13)
  }

  @Test func `are refused when a part is missing or of another shape`() throws {
    let format = IntegerFormat(bits: 4, group: 6)
    let codes = IntegerCodes(rounding: .test(5, 13), to: format)
    func sentence(_ drop: String, shape: [Int] = [5, 13]) throws -> String {
      let scratch = try Scratch()
      let tensors = codes.storedTensors("a.weight").filter { !$0.name.hasSuffix(drop) }
      try StoredTensors.write(tensors, in: scratch.url)
      let stored = try StoredTensors(in: scratch.url, integers: format)
      do {
        try stored.require([("a.weight", shape)])
        _ = try stored.tensor("a.weight", shape: shape)
        return ""
      } catch { return "\(error)" }
    }
    #expect(try sentence("scale").contains("'a.weight_scale' is missing"))
    #expect(try sentence("_shape").contains("'a.weight_shape' is missing"))
    #expect(try sentence("packed").contains("'a.weight' is missing"))
    #expect(try sentence("?", shape: [5, 14]).contains("the model needs [5, 14]"))
    #expect(try sentence("?").isEmpty)
  }

  /// A file of some tensors.
  private func file(_ tensors: [NamedTensor]) throws -> StoredTensors {
    let scratch = try Scratch()
    try StoredTensors.write(tensors, in: scratch.url)
    let stored = try StoredTensors(in: scratch.url)
    return stored
  }
}
