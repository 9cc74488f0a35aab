import Checkpoints
import CommandLine
import Figures
import Serving
import Tensors

extension ServingDemo {
  /// A group of eight numbers, one of them far out.
  private static let group: [Float] = [0.1, -0.2, 0.35, -0.05, 0.25, 0, -0.15, 1.4]

  /// Rounds eight numbers to four bits in four ways.
  mutating func roundByHand() {
    Console.print("Eight numbers in four bits")
    let numbers = Tensor(Self.group, shape: [1, Self.group.count])
    let ways: [(key: String, name: String, format: IntegerFormat)] = [
      ("symmetric", "one scale", IntegerFormat(bits: 4, group: 8)),
      ("zero", "and a zero point", IntegerFormat(bits: 4, group: 8, isSymmetric: false)),
      ("halves", "a scale for each half", IntegerFormat(bits: 4, group: 4)),
    ]
    report("", Self.group.map { Self.digits(Double($0), 2) }.joined(separator: "  "))
    var lines = [
      NumberLines.Line("the numbers", Self.group.map(Double.init).sorted(), ink: .neutral)
    ]
    for (index, way) in ways.enumerated() {
      let codes = IntegerCodes(rounding: numbers, to: way.format)
      let rounded = codes.tensor.scalars.map(Double.init)
      let errors = zip(rounded, Self.group.map(Double.init)).map { abs($0 - $1) }
      let mean = errors.reduce(0, +) / Double(errors.count)
      note("hand.\(way.key).scale", Double(codes.scales[0, 0]))
      note("hand.\(way.key).error", mean)
      note("hand.\(way.key).bits", way.format.bitsPerWeight)
      if let zero = codes.zeros.first { note("hand.\(way.key).point", Int(zero)) }
      report(
        way.name,
        codes.codes.map { "\($0)" }.joined(separator: " ") + "   scale "
          + codes.scales.scalars.map { Self.digits(Double($0), 4) }.joined(separator: ", ")
          + (codes.zeros.first.map { ", zero at \($0)" } ?? "")
          + "   mean error " + Self.digits(mean, 4))
      lines.append(
        .init(way.name, Self.reachable(codes), ink: .series(index)))
    }
    Console.print()
    draw(
      "grids",
      NumberLines(
        title: "What sixteen codes can say",
        description:
          "Eight numbers between −0.2 and 1.4, and the numbers that four bits can say about them: "
          + "with one scale, half of the codes lie below −0.2 where nothing is; with a zero point the "
          + "steps are half as long; with a scale for each half of the group, the half without the "
          + "large number has much shorter steps.",
        valueLabel: "value", lines: lines))
  }

  /// Every number that some code of a group stands for.
  private static func reachable(_ codes: IntegerCodes) -> [Double] {
    let zeros = codes.zeros.isEmpty ? codes.scales.scalars.map { _ in Int8(0) } : codes.zeros
    let all = zip(codes.scales.scalars, zeros).flatMap { scale, zero in
      codes.format.codes.map { Double($0 - Int(zero)) * Double(scale) }
    }
    return Set(all).sorted()
  }

  /// What a token of DeepSeek-V3 costs to read, and what a cached one costs to keep.
  mutating func weighTokens() {
    Console.print("The active weights of DeepSeek-V3, read once a token from 50 GB/s")
    let active = 37e9
    let formats: [(key: String, format: WeightFormat)] = [
      ("bf16", .bf16), ("fp8", .fp8), ("int8", .int8), ("int4", .int4),
    ]
    for (key, format) in formats {
      let gigabytes = active * format.bitsPerWeight / 8 / 1e9
      note("v3.\(key).gigabytes", gigabytes)
      note("v3.\(key).rate", 50 / gigabytes)
      note("v3.\(key).whole", 671 * format.bitsPerWeight / 8)
      report(
        format.name,
        "\(Self.digits(gigabytes, 1)) GB of \(Self.digits(671 * format.bitsPerWeight / 8, 0)) GB, "
          + "at most \(Self.digits(50 / gigabytes, 2)) tokens/s")
    }
    // Twelve channels of DDR5-5600 and weights of 8.5 bits; sixteen of DDR5-4800 and 4.8 bits.
    for (key, gigabytes, bits) in [("epyc", 12 * 5.6 * 8, 8.5), ("xeon", 16 * 4.8 * 8, 4.8)] {
      note("home.\(key).memory", gigabytes)
      note("home.\(key).limit", gigabytes / (37 * bits / 8))
    }
    let (v2, dense) = (34_560.0, 194_560.0)
    note("cache.v2.six", 1 - v2 * 6 / (dense * 16))
    note("cache.v2.sixteen", 1 - v2 / dense)
    note("cache.v2.bytes", v2 * 6 / 8)
    note("cache.dense.bytes", dense * 2)
    report(
      "V2's cache",
      "\(Self.percent(1 - v2 * 6 / (dense * 16))) smaller in 6 bits against 16, "
        + "\(Self.percent(1 - v2 / dense)) in equal bits")
    for texts in [2, 16, 64, 1024] {
      let read = 256 * (1 - Self.power(1 - 8 / 256.0, texts))
      note("experts.\(texts)", read)
    }
    Console.print()
  }

  private static func power(_ base: Double, _ exponent: Int) -> Double {
    (0..<exponent).reduce(1) { product, _ in product * base }
  }
}
