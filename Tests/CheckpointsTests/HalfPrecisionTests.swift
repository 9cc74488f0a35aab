import Checkpoints
import Foundation
import Testing

/// The value of an IEEE half-precision code, from its definition.
///
///     (−1)ˢ · 2⁻¹⁴ · f/1024        when the exponent is zero
///     (−1)ˢ · 2ᵉ⁻¹⁵ · (1 + f/1024)  otherwise
private func definedHalf(_ code: UInt16) -> Double {
  let sign: Double = code & 0x8000 == 0 ? 1 : -1
  let exponent = Int(code >> 10 & 31)
  let fraction = Double(code & 1023) / 1024
  if exponent == 31 { return fraction == 0 ? sign * .infinity : .nan }
  if exponent == 0 { return sign * 0x1p-14 * fraction }
  return sign * (1 + fraction) * Double(sign: .plus, exponent: exponent - 15, significand: 1)
}

private func widened(_ codes: [UInt16], _ convert: (HalfPrecision.Codes) -> HalfPrecision.Lanes)
  -> [Float]
{
  stride(from: 0, to: codes.count, by: 16).flatMap { start -> [Float] in
    let values = convert(HalfPrecision.Codes(codes[start..<(start + 16)]))
    return (0..<16).map { values[$0] }
  }
}

private func narrowed(
  _ values: [Float], _ convert: (HalfPrecision.Lanes) -> HalfPrecision.Codes
)
  -> [UInt16]
{
  stride(from: 0, to: values.count, by: 16).flatMap { start -> [UInt16] in
    let codes = convert(HalfPrecision.Lanes(values[start..<(start + 16)]))
    return (0..<16).map { codes[$0] }
  }
}

private let allCodes = (0...UInt16.max).map { $0 }

@Suite struct `Sixteen-bit formats` {
  @Test func `widen each half-precision code to its defined value`() {
    let values = widened(allCodes, HalfPrecision.widenedHalf)
    let wrong = allCodes.filter { code in
      let defined = definedHalf(code)
      let value = values[Int(code)]
      return defined.isNaN
        ? !value.isNaN
        : Double(value) != defined || (value.sign == .minus) != (code & 0x8000 != 0)
    }
    #expect(wrong.isEmpty)
  }

  @Test func `widen each brain code to the upper half of its bits`() {
    let values = widened(allCodes, HalfPrecision.widenedBrain)
    #expect(values.map(\.bitPattern) == allCodes.map { UInt32($0) << 16 })
  }

  @Test func `come back to the same code, and a NaN stays a NaN`() {
    let halves = narrowed(
      widened(allCodes, HalfPrecision.widenedHalf), HalfPrecision.narrowedHalf)
    let brains = narrowed(
      widened(allCodes, HalfPrecision.widenedBrain), HalfPrecision.narrowedBrain)
    for code in allCodes {
      let isHalfNaN = code & 0x7C00 == 0x7C00 && code & 0x03FF != 0
      let isBrainNaN = code & 0x7F80 == 0x7F80 && code & 0x007F != 0
      // A signalling NaN comes back quiet: the highest fraction bit is set.
      guard halves[Int(code)] == (isHalfNaN ? code | 0x0200 : code),
        brains[Int(code)] == (isBrainNaN ? code | 0x0040 : code)
      else {
        Issue.record("code \(code) becomes \(halves[Int(code)]) or \(brains[Int(code)])")
        return
      }
    }
  }

  /// Around each midpoint of two neighbours: below goes down, above goes up, on it goes to even.
  @Test(arguments: [Float(1), -1])
  func `round to the nearest half-precision code and to even on a tie`(sign: Float) {
    let lower = (0..<UInt16(0x7C00)).map { $0 }
    let midpoints = lower.map { code in
      // The code after the largest number stands for 2¹⁶ here, where the next number would be.
      let upper = code == 0x7BFF ? 65536 : definedHalf(code + 1)
      return Float((definedHalf(code) + upper) / 2)
    }
    let signBit: UInt16 = sign < 0 ? 0x8000 : 0
    let below = narrowed(midpoints.map { sign * $0.nextDown }, HalfPrecision.narrowedHalf)
    let exact = narrowed(midpoints.map { sign * $0 }, HalfPrecision.narrowedHalf)
    let above = narrowed(midpoints.map { sign * $0.nextUp }, HalfPrecision.narrowedHalf)
    #expect(below == lower.map { $0 | signBit })
    #expect(exact == lower.map { ($0 + $0 & 1) | signBit })
    #expect(above == lower.map { ($0 + 1) | signBit })
  }

  @Test(arguments: [UInt32(0), 0x8000_0000])
  func `round to the nearest brain code and to even on a tie`(signBit: UInt32) {
    let lower = (0..<UInt16(0x7F80)).map { $0 }
    func rounded(_ dropped: UInt32) -> [UInt16] {
      let values = lower.map { Float(bitPattern: UInt32($0) << 16 | dropped | signBit) }
      return narrowed(values, HalfPrecision.narrowedBrain)
    }
    let sign = UInt16(signBit >> 16)
    #expect(rounded(0x7FFF) == lower.map { $0 | sign })
    #expect(rounded(0x8000) == lower.map { ($0 + $0 & 1) | sign })
    #expect(rounded(0x8001) == lower.map { ($0 + 1) | sign })
  }

  @Test func `overflow to infinity, and keep a NaN whose kept bits are all zero`() {
    let values: [Float] = [
      65519, 65520, 1e10, .infinity, Float(bitPattern: 0x7F80_0001), -.infinity,
    ]
    let padded = values + Array(repeating: 0, count: 10)
    let halves = narrowed(padded, HalfPrecision.narrowedHalf).prefix(6)
    #expect(halves == [0x7BFF, 0x7C00, 0x7C00, 0x7C00, 0x7E00, 0xFC00])
    let brains = narrowed(padded, HalfPrecision.narrowedBrain).prefix(6)
    #expect(brains == [0x4780, 0x4780, 0x5015, 0x7F80, 0x7FC0, 0xFF80])
  }
}
