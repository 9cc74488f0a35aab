import CommandLine
import FP8
import Figures
import Foundation
import Tensors

/// Two matrices of E4M3 numbers and their exact product.
private struct Sums {
  static let size = 48
  let a, b: Tensor
  let exact: [Double]

  /// The first `depth` numbers of each row.
  init(_ left: [Float], _ right: [Float], depth: Int, of full: Int) {
    func matrix(_ numbers: [Float]) -> Tensor {
      let rows = (0..<Self.size).map { numbers[$0 * full..<$0 * full + depth] }
      return Tensor(rows.flatMap { $0 }, shape: [Self.size, depth])
    }
    (a, b) = (matrix(left), matrix(right))
    exact = Threads.map(Self.size) { i in
      (0..<Self.size).map { j in
        var sum = 0.0
        for k in 0..<depth {
          sum += Double(left[i * full + k]) * Double(right[j * full + k])
        }
        return sum
      }
    }.flatMap { $0 }
  }

  /// ‖c - exact‖ / ‖exact‖; the mean of c / exact - 1, by sums; and the largest |c / exact - 1|.
  func errors(of accumulator: HopperAccumulator) -> (
    whole: Double, signed: Double, largest: Double
  ) {
    let found = accumulator.product(a, b).scalars.map { Double($0) }
    var (lost, all, gained, sum, largest) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for (c, exact) in zip(found, exact) {
      lost += (c - exact) * (c - exact)
      all += exact * exact
      gained += abs(c) - abs(exact)
      sum += abs(exact)
      largest = max(largest, abs(c - exact) / abs(exact))
    }
    return ((lost / all).squareRoot(), gained / sum, largest)
  }
}

extension FP8Demo {
  private static var kinds: [(key: String, name: String, draw: (inout SplitMix64) -> Double)] {
    [
      ("normal", "N(0, 1)", { $0.normal() }), ("uniform", "U(0, 1)", { $0.uniform() }),
      ("shifted", "N(1, 1)", { 1 + $0.normal() }),
    ]
  }

  /// Sums products as an H800 does, over longer and longer rows, with promotion and without.
  mutating func accumulate() {
    Console.print("Sums of K products with 13 bits of fraction, 48 × 48 of each sort")
    let depths = [128, 256, 512, 1024, 2048, 4096]
    var series: [LineChart.Series] = []
    for (index, kind) in Self.kinds.enumerated() {
      var generator = SplitMix64(seed: seed).branch(20 + UInt64(index))
      func numbers() -> [Float] {
        (0..<Sums.size * 4096).map { _ in
          Float(FloatFormat.e4m3.rounded(kind.draw(&generator)))
        }
      }
      let (left, right) = (numbers(), numbers())
      var curves: [[(x: Double, y: Double)]] = [[], []]
      for depth in depths {
        let sums = Sums(left, right, depth: depth, of: 4096)
        let plain = sums.errors(of: HopperAccumulator(promotingEvery: nil))
        let promoted = sums.errors(of: HopperAccumulator())
        curves[0].append((Double(depth), 100 * plain.whole))
        curves[1].append((Double(depth), 100 * promoted.whole))
        note("accumulator.\(kind.key).\(depth)", 100 * plain.whole)
        note("accumulator.\(kind.key).\(depth)-promoted", 100 * promoted.whole)
        note("accumulator.\(kind.key).\(depth)-signed", 100 * plain.signed)
        guard depth == 4096 else { continue }
        note("accumulator.\(kind.key).gain", plain.whole / promoted.whole)
        note("accumulator.\(kind.key).largest", 100 * plain.largest)
        report(
          kind.name,
          "K = 4096: \(Self.percent(plain.whole, 3)) off, of which one-sided "
            + "\(Self.percent(plain.signed, 3)); promoted every 128 "
            + Self.percent(promoted.whole, 3))
        compareAccumulators(sums, kind.key)
      }
      series.append(.init(kind.name, curves[0], ink: .series(index), hasMarkers: true))
      series.append(
        .init("\(kind.name), promoted", curves[1], ink: .series(index + 6), hasMarkers: true))
    }
    Console.print()
    draw(
      "accumulator",
      LineChart(
        title: "The longer a sum with few bits, the more it loses",
        description:
          "The relative error of sums of E4M3 products over their length K, both axes logarithmic, "
          + "for three distributions. Without promotion the error of positive numbers rises to "
          + "several per cent; with a promotion after every 128 products it stays where it began.",
        xLabel: "products in a sum, K", yLabel: "relative error (%)", xScale: .logarithmic,
        yScale: .logarithmic, series: series,
        references: [.init("V3 §3.3.2: nearly 2 %", y: 2)]))
  }

  /// What other ways to add would lose.
  private mutating func compareAccumulators(_ sums: Sums, _ key: String) {
    guard key != "normal" else { return }
    var rounding = HopperAccumulator(promotingEvery: nil)
    rounding.rounds = true
    let finer = HopperAccumulator(fractionBits: 14, promotingEvery: nil)
    let found = (finer: sums.errors(of: finer), rounded: sums.errors(of: rounding))
    note("accumulator.\(key).bits-14", 100 * found.finer.whole)
    note("accumulator.\(key).bits-14-largest", 100 * found.finer.largest)
    note("accumulator.\(key).rounded", 100 * found.rounded.whole)
    report(
      "",
      "with 14 bits \(Self.percent(found.finer.whole, 3)); rounded instead of cut "
        + Self.percent(found.rounded.whole, 3))
  }
}
