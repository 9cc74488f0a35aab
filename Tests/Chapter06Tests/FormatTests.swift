import Checkpoints
import FP8
import Tensors
import TestSupport
import Testing

private let all: [FloatFormat] = [.e4m3, .e5m2, .e5m6, .brain, .half]

@Suite struct `A format of few bits` {
  @Test func `has the landmarks that its definition gives`() {
    let e4m3 = FloatFormat.e4m3
    #expect(e4m3.bias == 7 && e4m3.largest == 448 && e4m3.largestCode == 0x7E)
    #expect(e4m3.smallestNormal == 0x1p-6 && e4m3.smallest == 0x1p-9 && e4m3.nanCode == 0x7F)
    #expect(e4m3.value(of: 0x07) == 0.013671875 && e4m3.value(of: 0x08) == 0.015625)
    let e5m2 = FloatFormat.e5m2
    #expect(e5m2.bias == 15 && e5m2.largest == 57344 && e5m2.largestCode == 0x7B)
    #expect(e5m2.smallestNormal == 0x1p-14 && e5m2.smallest == 0x1p-16)
    #expect(e5m2.value(of: 0x7C) == .infinity && e5m2.value(of: 0xFC) == -.infinity)
    let e5m6 = FloatFormat.e5m6
    #expect(e5m6.bits == 12 && e5m6.largest == 65024 && e5m6.smallest == 0x1p-20)
    #expect(FloatFormat.brain.largest == 0x1.FEp127 && FloatFormat.brain.smallest == 0x1p-133)
    #expect(FloatFormat.half.largest == 65504 && FloatFormat.half.smallest == 0x1p-24)
    // The distance from 1 to the next number.
    let steps: [Double] = all.map { format in format.value(of: format.code(of: 1) + 1) - 1 }
    let powers: [Double] = [0x1p-3, 0x1p-2, 0x1p-6, 0x1p-7, 0x1p-10]
    #expect(steps == powers)
  }

  @Test func `of eight bits has so many numbers`() {
    for (format, finite) in [(FloatFormat.e4m3, 254), (.e5m2, 248)] {
      let values = (0..<256).map { format.value(of: UInt16($0)) }
      #expect(values.filter(\.isFinite).count == finite)
      #expect(Set(values.filter(\.isFinite)).count == finite - 1, "0 and -0 are equal")
    }
  }

  @Test(arguments: all) func `turns each code into a number and back`(_ format: FloatFormat) {
    var wrong: [Int] = []
    for code in 0..<(1 << format.bits) {
      let value = format.value(of: UInt16(code))
      let back = format.code(of: value, .special)
      let isRight = value.isNaN ? format.value(of: back).isNaN : Int(back) == code
      if !isRight { wrong.append(code) }
    }
    #expect(wrong.isEmpty)
  }

  // snippet.nearest
  /// Between two neighbours the midpoint is a tie; a hair beside it is none.
  @Test(arguments: all) func `rounds to the nearest number and ties to even`(
    _ format: FloatFormat
  ) {
    var wrong: [UInt16] = []
    for code in 0..<format.largestCode {
      let middle = (format.value(of: code) + format.value(of: code + 1)) / 2
      let even = code + code & 1
      for (x, expected) in [
        (middle, even), (middle.nextDown, code), (middle.nextUp, code + 1),
      ] {
        let sign = UInt16(1 << (format.bits - 1))
        if format.code(of: x) != expected || format.code(of: -x) != expected | sign {
          wrong.append(code)
        }
      }
    }
    #expect(wrong.isEmpty)
  }
  // snippet.end

  /// The table by which libraries differ.
  @Test func `treats what is too large in one of two ways`() {
    let table: [(x: Double, saturating: UInt16, special: UInt16)] = [
      (449, 0x7E, 0x7E), (464, 0x7E, 0x7E), (464.nextUp, 0x7E, 0x7F), (479, 0x7E, 0x7F),
      (480, 0x7E, 0x7F), (1e300, 0x7E, 0x7F), (.infinity, 0x7E, 0x7F), (.nan, 0x7F, 0x7F),
    ]
    for (x, saturating, special) in table {
      #expect(FloatFormat.e4m3.code(of: x, .saturating) == saturating, "\(x)")
      #expect(FloatFormat.e4m3.code(of: x, .special) == special, "\(x)")
      #expect(FloatFormat.e4m3.code(of: -x, .saturating) == saturating | 0x80, "-\(x)")
      #expect(FloatFormat.e4m3.code(of: -x, .special) == special | 0x80, "-\(x)")
    }
    let e5m2 = FloatFormat.e5m2
    #expect(e5m2.code(of: 61440.nextDown, .special) == 0x7B)
    #expect(e5m2.code(of: 61440, .special) == 0x7C && e5m2.code(of: 61440) == 0x7B)
    #expect(e5m2.code(of: -.infinity, .special) == 0xFC && e5m2.code(of: -.infinity) == 0xFB)
    #expect(e5m2.rounded(.nan).isNaN)
  }

  @Test func `keeps the sign of zero and rounds the smallest numbers`() {
    #expect(FloatFormat.e4m3.code(of: -0.0) == 0x80)
    #expect(FloatFormat.e4m3.value(of: 0x80).sign == .minus)
    #expect(FloatFormat.e4m3.rounded(0x1p-10) == 0, "a tie goes to the even zero")
    #expect(FloatFormat.e4m3.rounded(0x1.8p-10) == 0x1p-9)
    #expect(FloatFormat.e4m3.code(of: -0x1p-1000) == 0x80)
  }
}

@Suite struct `A scale that is a power of two` {
  @Test func `rounds up, by its bits`() {
    for exponent in -126...127 {
      let power = Float(sign: .plus, exponent: exponent, significand: 1)
      let scale = PowerOfTwoScale(roundingUp: power)
      #expect(scale.value == power && Int(scale.code) == exponent + 127)
      if exponent < 127 {
        #expect(PowerOfTwoScale(roundingUp: power.nextUp).value == 2 * power)
        #expect(PowerOfTwoScale(roundingUp: 1.999 * power).value == 2 * power)
      }
    }
  }

  @Test func `stays within its range`() {
    #expect(PowerOfTwoScale(roundingUp: 0).value == 0x1p-126)
    #expect(PowerOfTwoScale(roundingUp: .leastNonzeroMagnitude).value == 0x1p-126)
    #expect(PowerOfTwoScale(roundingUp: .greatestFiniteMagnitude).value == 0x1p127)
    #expect(PowerOfTwoScale(roundingUp: .infinity).value == 0x1p127)
    #expect(PowerOfTwoScale(roundingUp: .nan).value.isNaN)
    #expect(PowerOfTwoScale(code: 0).value == 0x1p-127 && PowerOfTwoScale(code: 127).value == 1)
  }

  @Test func `never makes a group too large`() {
    var generator = SplitMix64(seed: 3)
    for _ in 0..<2000 {
      let amax = Float(generator.uniform()) * Float(sign: .plus, exponent: 3, significand: 1)
      let (single, power) = (
        ScaleRule.single.scale(of: amax, in: .e4m3),
        ScaleRule.powerOfTwo.scale(of: amax, in: .e4m3)
      )
      #expect(power >= single && power < 2 * single && amax / power <= 448)
    }
  }
}
