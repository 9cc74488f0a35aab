import CommandLine
import FP8
import Figures
import Foundation
import Tensors

extension FP8Demo {
  /// Measures what formats and scales lose of normally distributed numbers.
  mutating func measureErrors() {
    Console.print("What is lost of 512 × 1024 normally distributed numbers")
    let x = gaussian(512, 1024, branch: 1)
    func tiles(_ format: FloatFormat, _ rule: ScaleRule) -> Tensor {
      BlockScaled(x, in: format, by: .tile, scales: rule).tensor
    }
    let brain = x.scalars.map { Float(FloatFormat.brain.rounded(Double($0))) }
    let rows: [(key: String, name: String, result: Tensor)] = [
      ("e4m3", "E4M3", tiles(.e4m3, .single)),
      ("e4m3-power", "E4M3, 2ⁿ", tiles(.e4m3, .powerOfTwo)),
      ("e5m2", "E5M2", tiles(.e5m2, .single)),
      ("e5m6-power", "E5M6, 2ⁿ", tiles(.e5m6, .powerOfTwo)),
      ("brain", "BF16", Tensor(brain, shape: x.shape)),
    ]
    for row in rows {
      let error = Self.errors(of: row.result, from: x).whole
      report(row.name, Self.percent(error))
      note("error.\(row.key)", 100 * error)
    }
    for (key, rule) in [("single", ScaleRule.single), ("power", .powerOfTwo)] {
      let first = BlockScaled(x, by: .tile, scales: rule)
      let second = first.regrouped(by: .column, scales: rule)
      let (before, after) = (first.tensor, second.tensor)
      let changed = zip(before.scalars, after.scalars).filter { $0 != $1 }.count
      let total = Self.errors(of: after, from: x).whole
      let step = Self.errors(of: after, from: before).whole
      report(
        key == "single" ? "grouped anew" : "the same, 2ⁿ",
        "\(changed) of \(x.count) numbers change, by \(Self.percent(step)); in all "
          + Self.percent(total))
      note("regroup.\(key).changed", changed)
      note("regroup.\(key).changed-share", 100 * Double(changed) / Double(x.count))
      note("regroup.\(key).step", 100 * step)
      note("regroup.\(key).total", 100 * total)
    }
    let w = gaussian(512, 1024, branch: 2)
    let product = BlockScaled(x, by: .tile).matmul(BlockScaled(w, by: .block))
    let error = Self.errors(of: product, from: x.matmul(w, transposing: .right)).whole
    report("a product", "\(Self.percent(error)) off, E4M3 by E4M3")
    note("error.product", 100 * error)
    Console.print()
  }

  /// Converts data of many sizes without a scale, and with one for each tile.
  mutating func compareSizes() {
    let x = gaussian(32, 1024, branch: 3)
    let numbers = x.scalars.map { Double($0) }
    let all = numbers.reduce(0.0) { $0 + $1 * $1 }
    let ways: [(key: String, name: String, error: (Double) -> Double)] = [
      ("e4m3", "E4M3 as it is", { Self.error(numbers, all, $0, .e4m3) }),
      ("e5m2", "E5M2 as it is", { Self.error(numbers, all, $0, .e5m2) }),
      (
        "tile", "E4M3, a scale for each tile",
        { size in
          let scaled = x * Float(size)
          return Self.errors(of: BlockScaled(scaled, by: .tile).tensor, from: scaled).whole
        }
      ),
    ]
    let sizes = (-20...20).map { Self.power($0) }
    let series = ways.enumerated().map { index, way in
      LineChart.Series(way.name, sizes.map { ($0, 100 * way.error($0)) }, ink: .series(index))
    }
    draw(
      "size",
      LineChart(
        title: "A format fits data of one size only; a scale makes the size fit",
        description:
          "The relative error of normally distributed numbers over their deviation, both axes "
          + "logarithmic. As they are, numbers are lost in E4M3 below 0.01 and above 200, in E5M2 "
          + "below 0.0001 and above 20000. With a scale for each tile the error stays at 2.6 "
          + "per cent.",
        xLabel: "deviation of the data", yLabel: "relative error (%)", xScale: .logarithmic,
        yScale: .logarithmic, series: series))
    Console.print("The same numbers at other sizes, without a scale and with one")
    for exponent in [-12, -8, -4, 0, 8, 12] {
      let size = Self.power(exponent)
      let found = ways.map { $0.error(size) }
      report(
        "2^\(exponent)",
        "E4M3 \(Self.percent(found[0])), E5M2 \(Self.percent(found[1])), E4M3 by tiles "
          + Self.percent(found[2]))
      for (way, error) in zip(ways, found) { note("size.\(way.key).\(exponent)", 100 * error) }
    }
    Console.print()
  }

  private static func error(
    _ numbers: [Double], _ all: Double, _ size: Double, _ format: FloatFormat
  ) -> Double {
    let lost = numbers.reduce(0.0) { sum, x in
      let difference = format.rounded(x * size) / size - x
      return sum + difference * difference
    }
    return (lost / all).squareRoot()
  }

  /// Makes one number of a matrix larger and larger, and measures what that costs the others.
  mutating func compareOutliers() {
    Console.print("One of 524288 numbers is an outlier: the error of the others")
    let x = gaussian(512, 1024, branch: 1)
    let groups: [(key: String, name: String, group: ScaleGroup)] = [
      ("whole", "one scale", ScaleGroup(rows: 512, columns: 1024)),
      ("block", "128 × 128", .block), ("tile", "1 × 128", .tile),
    ]
    let sizes = (0...14).map { pow(10, Double($0) / 2) }
    var series: [LineChart.Series] = []
    for (index, entry) in groups.enumerated() {
      let errors = sizes.map { size in
        var exact = x
        exact.withMutableScalars { $0[70_000] = Float(size) }
        var found = BlockScaled(exact, by: entry.group).tensor
        found.withMutableScalars { $0[70_000] = 0 }
        exact.withMutableScalars { $0[70_000] = 0 }
        return Self.errors(of: found, from: exact).whole
      }
      series.append(
        .init(
          entry.name, zip(sizes, errors).map { ($0, 100 * $1) }, ink: .series(index),
          hasMarkers: true))
      for (power, error) in zip(0..., errors) where power.isMultiple(of: 2) {
        note("outlier.\(entry.key).1e\(power / 2)", 100 * error)
      }
      report(
        entry.name,
        "outlier of 10⁴: \(Self.percent(errors[8])), of 10⁵: \(Self.percent(errors[10])), "
          + "of 10⁶: \(Self.percent(errors[12]))")
    }
    Console.print()
    draw(
      "outlier",
      LineChart(
        title: "What one large number does to the others",
        description:
          "The relative error of all numbers but one, over the size of that one, for three sizes of "
          + "groups. With one scale for all the others are lost beyond a hundred thousand; with "
          + "tiles only 127 of them are.",
        xLabel: "size of the outlier, in deviations of the others",
        yLabel: "relative error (%)",
        xScale: .logarithmic, yScale: .logarithmic, series: series))
  }
}
