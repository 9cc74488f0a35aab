import Checkpoints
import FP8
import Foundation
import Tensors
import TestSupport
import Testing

private let formats: [FloatFormat] = [.e4m3, .e5m2, .e5m6]

/// All numbers of brain floating point: each sign, exponent, infinity and many a NaN.
private let brains: [Float] = (0...UInt32(UInt16.max)).map { Float(bitPattern: $0 << 16) }

/// A million numbers of random bits, so that each exponent is as likely as another.
private let million: [Float] = {
  var generator = SplitMix64(seed: 6)
  return (0..<1_000_000).map { _ in
    Float(bitPattern: UInt32(truncatingIfNeeded: generator.next()))
  }
}()

extension FloatFormat {
  /// The bytes in which a kernel lays codes out.
  fileprivate func bytes(_ codes: [UInt16]) -> [UInt8] {
    guard bits == 12 else { return codes.map { UInt8($0) } }
    var bytes: [UInt8] = []
    for start in stride(from: 0, to: codes.count, by: 16) {
      let sixteen = codes[start..<start + 16]
      bytes += sixteen.map { UInt8($0 & 0xFF) }
      for (low, high) in zip(sixteen.prefix(8), sixteen.suffix(8)) {
        bytes.append(UInt8(low >> 8 | (high >> 8) << 4))
      }
    }
    return bytes
  }
}

@Suite struct `The kernels of a format` {
  @Test(arguments: formats)
  func `agree with its definition on every number of sixteen bits`(_ format: FloatFormat) {
    expectAgreement(brains, format)
  }

  @Test(arguments: formats)
  func `agree with its definition on a million numbers`(_ format: FloatFormat) {
    expectAgreement(million, format)
  }

  private func expectAgreement(_ numbers: [Float], _ format: FloatFormat) {
    let found = CodeBytes(Tensor(numbers, shape: [numbers.count / 64, 64]), in: format).bytes
    let expected = format.bytes(format.codes(of: numbers))
    guard found != expected else { return }
    let place = zip(found, expected).enumerated().first { $1.0 != $1.1 }?.offset ?? -1
    Issue.record("byte \(place) of \(found.count) differs")
  }

  /// The largest number in each tile makes its scale 1, so the codes are those without a scale.
  @Test(arguments: [FloatFormat.e4m3, .e5m2])
  func `agree on a million numbers that need no clamp`(_ format: FloatFormat) {
    let largest = Float(format.largest)
    var numbers = million.map { abs($0) <= largest ? $0 : $0.sign == .minus ? -0.1 : 0.1 }
    for place in stride(from: 0, to: numbers.count, by: 64) { numbers[place] = largest }
    let expected = format.codes(of: numbers).map { UInt8($0) }
    let matrix = Tensor(numbers, shape: [numbers.count / 64, 64])
    for group in [ScaleGroup.tile, ScaleGroup(rows: 5, columns: 64)] {
      let isEqual = BlockScaled(matrix, in: format, by: group).codes.bytes == expected
      #expect(isEqual, "\(group)")
    }
  }

  @Test func `agree with the sixteen-bit formats of checkpoints`() {
    let numbers = Array(million.prefix(4096))
    for start in stride(from: 0, to: numbers.count, by: 16) {
      let lanes = HalfPrecision.Lanes(numbers[start..<start + 16])
      let (brain, half) = (
        HalfPrecision.narrowedBrain(lanes), HalfPrecision.narrowedHalf(lanes)
      )
      for lane in 0..<16 where !lanes[lane].isNaN {
        let x = Double(lanes[lane])
        #expect(brain[lane] == FloatFormat.brain.code(of: x, .special))
        #expect(half[lane] == FloatFormat.half.code(of: x, .special))
      }
    }
  }
}

@Suite struct `The formats of PyTorch and ml_dtypes` {
  private let fixture: JSONFields

  init() throws {
    fixture = try JSONFields(
      readingFrom: Repository.references.appending(path: "formats/conversions.json"))
  }

  private func numbers(_ key: String, in fields: JSONFields? = nil) throws -> [UInt32] {
    let text = try (fields ?? fixture).string(key)
    return text.split(separator: " ").compactMap { UInt32($0, radix: 16) }
  }

  @Test(arguments: [
    ("e4m3", FloatFormat.e4m3), ("e4m3_saturating", .e4m3), ("e5m2", .e5m2), ("brain", .brain),
    ("half", .half),
  ])
  func `are ours`(_ name: String, _ format: FloatFormat) throws {
    let overflow: FloatFormat.Overflow = name == "e4m3_saturating" ? .saturating : .special
    let inputs = try numbers("numbers").map { Float(bitPattern: $0) }
    let codes = try numbers(name)
    try #require(codes.count == inputs.count && inputs.count > 500)
    for (x, code) in zip(inputs, codes) {
      let ours = format.code(of: Double(x), overflow)
      let isNaN = format.value(of: ours).isNaN
      #expect(isNaN ? format.value(of: UInt16(code)).isNaN : ours == UInt16(code), "\(x)")
    }
  }

  @Test(arguments: [("tile", ScaleGroup.tile), ("block", .block), ("column", .column)])
  func `give matrices the same scales and codes`(_ name: String, _ group: ScaleGroup) throws {
    let matrix = Tensor(
      try numbers("matrix").map { Float(bitPattern: $0) }, shape: [9, 140])
    let theirs = try #require(try fixture.fields(name))
    let scaled = BlockScaled(matrix, by: group)
    #expect(try scaled.scales.bits == numbers("scales", in: theirs))
    let isEqual = try scaled.codes.bytes.map { UInt32($0) } == numbers("codes", in: theirs)
    #expect(isEqual)
  }
}
