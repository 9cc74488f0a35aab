import Attention
import CommandLine
import FP8
import Figures
import Foundation
import MTP
import Tensors
import Text

extension FP8Demo {
  private static let groupings: [(key: String, name: String, group: ScaleGroup)] = [
    ("tile", "1 × 128", .tile), ("block", "128 × 128", .block),
    ("whole", "whole", ScaleGroup(rows: 512, columns: 1024)),
  ]

  /// Encodes rows of very different sizes, and asks each row what is left of it.
  mutating func compareGradientGroups() {
    Console.print("Gradients whose tokens differ in size by exp(σ · N(0, 1)), E4M3 and E5M2")
    let x = gaussian(512, 1024, branch: 4)
    let spreads = (0...8).map { Double($0) / 2 }
    var curves: [String: [(x: Double, y: Double)]] = [:]
    for spread in spreads {
      for (group, format) in Self.ways {
        let (token, global, zeros) = remains(of: x, spread, group.group, format)
        let way = "\(format == .e4m3 ? "e4m3" : "e5m2").\(group.key)"
        curves[way, default: []].append((spread, 100 * token))
        curves[way + "-global", default: []].append((spread, 100 * global))
        guard spread == spread.rounded() else { continue }
        note("gradient.\(way).\(Int(spread)).token", 100 * token)
        note("gradient.\(way).\(Int(spread)).zeros", 100 * zeros)
        note("gradient.\(way).\(Int(spread)).global", 100 * global)
        guard spread == 0 || spread >= 3 else { continue }
        report(
          "σ = \(Int(spread)), \(group.name)",
          "\(format == .e4m3 ? "E4M3" : "E5M2"): \(Self.percent(global, 1)) of all, "
            + "\(Self.percent(token, 1)) of a token on average, \(Self.percent(zeros, 0)) zeros"
        )
      }
    }
    Console.print()
    let names = [
      ("e4m3.tile", "E4M3, 1 × 128"), ("e4m3.block", "E4M3, 128 × 128"),
      ("e4m3.whole", "E4M3, one scale"), ("e5m2.tile", "E5M2, 1 × 128"),
      ("e5m2.block", "E5M2, 128 × 128"), ("e4m3.block-global", "E4M3, 128 × 128: all at once"),
    ]
    draw(
      "gradients",
      LineChart(
        title: "Small tokens vanish beside large ones, and no global error tells",
        description:
          "The mean relative error of a token over the spread of the tokens' sizes. With a scale for "
          + "each token's tile it stays at 2.6 per cent in E4M3 and 5.1 in E5M2. With a scale for "
          + "blocks of 128 tokens it rises to a third and more in E4M3, while the error of the whole "
          + "matrix does not move.",
        xLabel: "σ, the spread of the tokens' sizes",
        yLabel: "mean relative error of a token (%)",
        yScale: .logarithmic,
        series: names.enumerated().map { index, way in
          .init(way.1, curves[way.0] ?? [], ink: .series(index), hasMarkers: true)
        }))
  }

  /// The mean error of a token, that of all at once, and the part of numbers that became zero; means
  /// of four draws of the tokens' sizes, because the largest of them decides.
  private func remains(
    of x: Tensor, _ spread: Double, _ group: ScaleGroup, _ format: FloatFormat
  ) -> (token: Double, global: Double, zeros: Double) {
    var (token, global, zeros) = (0.0, 0.0, 0.0)
    for draw in 0..<4 {
      let factors = gaussian(1, 512, branch: 30 + UInt64(draw)).scalars
      let sizes = factors.map { Float(exp(spread * Double($0))) }
      let gradients = x * Tensor(sizes, shape: [512, 1])
      let found = BlockScaled(gradients, in: format, by: group).tensor
      let errors = Self.errors(of: found, from: gradients)
      token += errors.rows.reduce(0, +) / 512 / 4
      global += errors.whole / 4
      zeros += Double(found.scalars.filter { $0 == 0 }.count) / Double(found.count) / 4
    }
    return (token, global, zeros)
  }

  private static var ways: [((key: String, name: String, group: ScaleGroup), FloatFormat)] {
    groupings.flatMap { group in [(group, FloatFormat.e4m3), (group, .e5m2)] }
  }

  /// Encodes the gradients that a trained model has in its linear maps.
  mutating func watchGradients(of model: DeepSeekModel, on batch: Batch) {
    let watch = GradientWatch()
    let tape = Tape(products: watch)
    _ = tape.gradients(of: model.loss(of: batch, on: tape))
    var (spreads, tiles, blocks): ([Double], [Double], [Double]) = ([], [], [])
    for gradient in watch.gradients.map(\.asRows) {
      let sizes = (0..<gradient.rows).map { row in
        let numbers = gradient.rows(row..<row + 1).scalars
        return log(numbers.reduce(0.0) { $0 + Double($1) * Double($1) }) / 2
      }
      let mean = sizes.reduce(0, +) / Double(sizes.count)
      let variance = sizes.reduce(0.0) { $0 + ($1 - mean) * ($1 - mean) } / Double(sizes.count)
      spreads.append(variance.squareRoot())
      for (group, isTile) in [(ScaleGroup.tile, true), (.block, false)] {
        let found = BlockScaled(gradient, by: group).tensor
        let errors = Self.errors(of: found, from: gradient).rows
        let error = errors.reduce(0, +) / Double(errors.count)
        if isTile { tiles.append(error) } else { blocks.append(error) }
      }
    }
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    report(
      "real gradients",
      "\(spreads.count) of them: σ \(Self.digits(mean(spreads), 2)), at most "
        + "\(Self.digits(spreads.max() ?? 0, 2)); a token's error \(Self.percent(mean(tiles))) by "
        + "tiles, \(Self.percent(mean(blocks))) by blocks, at most "
        + Self.percent(blocks.max() ?? 0))
    note("real.spread", mean(spreads))
    note("real.spread-largest", spreads.max() ?? 0)
    note("real.tile", 100 * mean(tiles))
    note("real.tile-largest", 100 * (tiles.max() ?? 0))
    note("real.block", 100 * mean(blocks))
    note("real.block-largest", 100 * (blocks.max() ?? 0))
  }
}
