import Attention
import Figures
import Foundation

extension AttentionDemo {
  /// Draws the worked examples of the chapter.
  mutating func drawByHand() {
    draw(
      "by-hand",
      HeatMap(
        title: "Two heads, one set of keys: who looks where",
        description:
          "Attention weights of two heads over three tokens, two rows of which are worked in the "
          + "text. Nobody looks ahead, every row sums to one, and the two heads mirror each other.",
        rows: Self.handWeights, rowLabels: Self.handLabels,
        columnLabels: ["token 1", "token 2", "token 3"], rowTitle: "the token that looks",
        columnTitle: "the token it looks at", range: 0...1, showsValues: true))

    let rotary = RotaryEmbedding(width: 8, theta: 10000)
    let curves = rotary.frequencies.enumerated().map { index, frequency in
      let points = stride(from: 0.0, through: 64, by: 0.25).map {
        (x: $0, y: cos($0 * frequency))
      }
      return LineChart.Series("pair \(index)", points, ink: .series(index))
    }
    draw(
      "rotary",
      LineChart(
        title: "Four pairs, four clocks",
        description:
          "The product of a rotated pair with itself over the distance of the two places. The "
          + "first pair swings ten times within 64 places, each later one ten times slower; the "
          + "last hardly moves.",
        xLabel: "distance between query and key", yLabel: "product of two equal unit pairs",
        series: curves, height: 300))
  }

  private static let handLabels = ["A", "B"].flatMap { head in
    (1...3).map { "head \(head), token \($0)" }
  }

  /// Scores are 0 or 2 before the scale 1/√2; a row is worked in the text.
  private static let handWeights: [[Double]] = {
    let keys: [[Double]] = [[1, 0], [0, 1], [1, 1]]
    let queries: [[[Double]]] = [[[2, 0], [0, 2], [2, 0]], [[0, 2], [2, 0], [0, 2]]]
    return queries.flatMap { head in
      head.enumerated().map { row, query in
        let raised = keys.prefix(row + 1).map { key in
          exp((query[0] * key[0] + query[1] * key[1]) / 2.0.squareRoot())
        }
        let sum = raised.reduce(0, +)
        return raised.map { $0 / sum } + [Double](repeating: .nan, count: 2 - row)
      }
    }
  }()
}
