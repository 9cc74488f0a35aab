import CommandLine
import FP8
import Figures
import Foundation

extension FP8Demo {
  /// The formats of this chapter, the smallest first.
  private static let formats: [(key: String, name: String, format: FloatFormat)] = [
    ("e4m3", "E4M3", .e4m3), ("e5m2", "E5M2", .e5m2), ("e5m6", "E5M6", .e5m6),
    ("brain", "BF16", .brain), ("half", "FP16", .half),
  ]

  /// Writes down the range of each format, and π in each.
  mutating func describeFormats() {
    Console.print("Formats: the largest number, the smallest normal one, the smallest, and π")
    for (key, name, format) in Self.formats {
      let code = format.code(of: .pi)
      let value = format.value(of: code)
      let finite = 2 * (Int(format.largestCode) + 1)
      report(
        name,
        "\(Self.short(format.largest))  \(Self.short(format.smallestNormal))  "
          + "\(Self.short(format.smallest))  π = \(Self.bits(code, of: format)) = \(value), off by "
          + Self.percent(abs(value - .pi) / .pi, 3))
      note("format.\(key).largest", format.largest)
      note("format.\(key).smallest-normal", format.smallestNormal)
      note("format.\(key).smallest", format.smallest)
      note("format.\(key).numbers", finite - 1)
      note("format.\(key).ratio", format.largest / format.smallest)
      note("format.\(key).pi", value)
      note("format.\(key).pi-code", Int(code))
      note("format.\(key).pi-error", 100 * abs(value - .pi) / .pi)
    }
    Console.print()
  }

  /// Sign, exponent and fraction, with spaces between.
  static func bits(_ code: UInt16, of format: FloatFormat) -> String {
    let digits = String(code, radix: 2)
    let all = Array(String(repeating: "0", count: format.bits - digits.count) + digits)
    let split = 1 + format.exponentBits
    return String(all[0]) + " " + String(all[1..<split]) + " " + String(all[split...])
  }

  static func short(_ value: Double) -> String { String(format: "%.4g", value) }

  /// Numbers that show one rule each, in E4M3.
  private static let examples: [(key: String, name: String, number: Double)] = [
    ("pi", "π", .pi), ("tenth", "0.1", 0.1), ("tie-down", "1.0625, a tie", 1.0625),
    ("tie-up", "1.1875, a tie", 1.1875), ("carry", "0.99", 0.99),
    ("subnormal", "0.003", 0.003), ("vanishing", "2⁻¹⁰, a tie", 0x1p-10),
    ("last", "464, a tie", 464), ("overflow", "470", 470),
  ]

  /// Converts a few numbers to E4M3 as one does with a pencil.
  mutating func convertByHand() {
    Console.print("To E4M3: the step below the number, how many of them, the nearest")
    let format = FloatFormat.e4m3
    for (key, name, number) in Self.examples {
      let exponent = max(Int(number.exponent), 1 - format.bias)
      let step = Self.power(exponent - format.fractionBits)
      let code = format.code(of: number)
      let value = format.value(of: code)
      let special = format.rounded(number, .special)
      let otherwise = special.isNaN ? "; without saturation NaN" : ""
      report(
        name,
        "step \(Self.short(step)): \(Self.digits(number / step, 3)) of them, "
          + "\(Int((number / step).rounded(.toNearestOrEven))): \(Self.bits(code, of: format)) = "
          + "\(value)\(otherwise)")
      note("hand.\(key).exponent", exponent)
      note("hand.\(key).step", step)
      note("hand.\(key).quotient", number / step)
      note("hand.\(key).steps", (number / step).rounded(.toNearestOrEven))
      note("hand.\(key).code", Int(code))
      note("hand.\(key).value", value)
      note("hand.\(key).error", 100 * abs(value - number) / number)
    }
    Console.print()
  }

  /// Draws where the numbers lie, near 1 and over the whole range.
  mutating func drawNumberLines() {
    func lines(_ range: ClosedRange<Double>) -> [NumberLines.Line] {
      Self.formats.prefix(4).enumerated().map { index, entry in
        let values = (0...entry.format.largestCode).map { entry.format.value(of: $0) }
        return .init(entry.name, values.filter(range.contains), ink: .series(index))
      }
    }
    draw(
      "number-lines",
      NumberLines(
        title: "The numbers of four formats between 0 and 2",
        description:
          "A mark for each number that a format has. Marks are twice as far apart in each higher "
          + "power of two. E4M3 has eight between 1 and 2, E5M2 four, E5M6 64, BF16 128.",
        valueLabel: "number", lines: lines(0...2)))
    draw(
      "ranges",
      NumberLines(
        title: "The same formats over their whole range",
        description:
          "On a logarithmic axis the marks of a format are evenly spread, except at its lower end, "
          + "where the steps stay as wide as they are. E4M3 ends at 448, E5M2 at 57344 and E5M6 at "
          + "65024; BF16 goes on far beyond both edges.",
        valueLabel: "number", scale: .logarithmic, lines: lines(1e-7...1e6)))
  }
}
