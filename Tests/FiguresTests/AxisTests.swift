import Figures
import Testing

@Suite struct `An axis` {
  @Test func `has ticks at round numbers`() {
    #expect(
      Axis(holding: [0, 3_000]).labels == ["0", "500", "1000", "1500", "2000", "2500", "3000"])
    #expect(
      Axis(holding: [0.87, 5.6], rounded: true).labels == ["0", "1", "2", "3", "4", "5", "6"])
    #expect(
      Axis(holding: [0, 0.3]).labels
        == ["0", "0.05", "0.10", "0.15", "0.20", "0.25", "0.30"])
    #expect(Axis(holding: [-1, 1]).labels == ["−1.0", "−0.5", "0", "0.5", "1.0"])
    #expect(Axis(holding: [0, 14.8e12]).labels == ["0", "5T", "10T"])
    #expect(Axis(holding: [0, 4e-4]).labels == ["0", "1e−4", "2e−4", "3e−4", "4e−4"])
  }

  @Test func `has ticks at powers of ten when it is logarithmic`() {
    #expect(
      Axis(holding: [1e-4, 1e4], scale: .logarithmic).labels
        == ["1e−4", "0.001", "0.01", "0.1", "1", "10", "100", "1000", "10k"].enumerated()
        .filter { $0.offset % 2 == 0 }.map(\.element))
    #expect(
      Axis(holding: [3, 300], scale: .logarithmic).labels
        == ["5", "10", "20", "50", "100", "200"])
    // Less than a decade is divided like any other range.
    #expect(Axis(holding: [2, 3], scale: .logarithmic).labels.count >= 5)
  }

  @Test(arguments: [
    [], [0], [7], [-3, -3], [1, 2], [0.1, 0.7], [-1e-9, 1e-9], [1e29, -1e29], [5, 5.000_01],
    [0, 1e-29], [123_456, 123_457], [.nan, 3, .infinity], [99.9, 100.1], [-7, -2], [1e-30, 1],
  ])
  func `has rising ticks within its range`(values: [Double]) {
    for scale in [Scale.linear, .logarithmic] {
      for rounded in [false, true] {
        let axis = Axis(holding: values, scale: scale, rounded: rounded)
        #expect(axis.low < axis.high)
        #expect(!axis.ticks.isEmpty && axis.ticks.count <= 12)
        #expect(axis.ticks.count == axis.labels.count)
        let slack = (axis.high - axis.low) * 1e-6
        #expect(axis.ticks.allSatisfy { $0 >= axis.low - slack && $0 <= axis.high + slack })
        #expect(zip(axis.ticks, axis.ticks.dropFirst()).allSatisfy { $0 < $1 })
        #expect(Set(axis.labels).count == axis.labels.count)
      }
    }
  }

  @Test func `places its ends at the ends and its middle in the middle`() {
    let linear = Axis(holding: [2, 6])
    #expect(linear.place(2, from: 100, to: 0) == 100)
    #expect(linear.place(4, from: 100, to: 0) == 50)
    #expect(linear.place(.nan, from: 100, to: 0) == nil)
    let logarithmic = Axis(holding: [1, 100], scale: .logarithmic)
    #expect(logarithmic.place(10, from: 0, to: 8) == 4)
    #expect(logarithmic.place(0, from: 0, to: 8) == nil)
    #expect(logarithmic.place(-1, from: 0, to: 8) == nil)
  }
}

@Suite struct `A line chart` {
  @Test(arguments: SampleFigure.usual + SampleFigure.degenerate)
  func `keeps every point inside its plot`(sample: SampleFigure) {
    guard let chart = sample.make() as? LineChart else { return }
    let plot = Plot(chart, top: 40)
    #expect(plot.box.x > 0 && plot.box.right < 720 && plot.box.bottom < chart.height)
    for series in chart.series {
      for point in plot.pieces(of: series).joined() { #expect(plot.box.contains(point)) }
    }
  }

  @Test func `leaves a gap where a point has no place`() {
    let chart = SampleFigure.chart([(0, 1), (1, 2), (2, .nan), (3, 1), (4, .infinity), (5, 2)])
    let pieces = Plot(chart, top: 0).pieces(of: chart.series[0])
    #expect(pieces.map(\.count) == [2, 1, 1])
  }

  @Test func `keeps the extremes of a curve with more points than pixels`() {
    var points = (0..<100_000).map { (x: Double($0), y: Double($0 % 10)) }
    points[54_321].y = 50
    points[12_345].y = -50
    let chart = SampleFigure.chart(points)
    let plot = Plot(chart, top: 0)
    let places = plot.pieces(of: chart.series[0]).joined()
    #expect(places.count < 1_500)
    #expect(places.map(\.y).min() == plot.y(50))
    #expect(places.map(\.y).max() == plot.y(-50))
  }

  @Test func `puts the label of a floor where no curve passes`() throws {
    let chart = SampleFigure.lossCurve
    let label = try #require(
      elements(of: chart.svg()).last { $0.attributes["class"] == "halo floor" })
    let (x, y) = (try #require(label.number("x")), try #require(label.number("y")))
    let curve = Plot(chart, top: 64).pieces(of: chart.series[1]).joined()
    #expect(!curve.contains { $0.x > x && $0.x < x + 160 && $0.y > y - 10 && $0.y < y + 3 })
  }
}

@Suite struct `Numbers in figures` {
  @Test func `are rounded, trimmed and signed without a locale`() {
    #expect(Digits.fixed(1.0 / 3) == "0.333")
    #expect(Digits.fixed(2.5) == "2.5")
    #expect(Digits.fixed(-0.0004) == "0")
    #expect(Digits.fixed(-1234.5678, decimals: 2) == "−1234.57")
    #expect(Digits.fixed(2, decimals: 2, keepsZeros: true) == "2.00")
    #expect(Digits.fixed(0.05, decimals: 1) == "0.1")
  }

  @Test func `are three when they are short`() {
    let numbers: [Double] = [
      0, 0.0004, 0.0123, 2.3149, 98.34, 1_204, 41_300, 671e9, 14.8e12, 3.3e24, -7,
    ]
    #expect(
      numbers.map(Digits.short)
        == [
          "0", "4e−4", "0.012", "2.31", "98.3", "1204", "41.3k", "671B", "14.8T", "3.3e24",
          "−7",
        ])
    #expect(Digits.short(.nan) == "–")
    #expect(Digits.short(-.infinity) == "−∞")
  }
}
