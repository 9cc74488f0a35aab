import Figures

/// Figures of the kinds that the book has, and of kinds that it should never have.
struct SampleFigure: CustomStringConvertible, Sendable {
  let description: String
  let make: @Sendable () -> any Figure

  init(_ description: String, _ make: @escaping @Sendable () -> any Figure) {
    (self.description, self.make) = (description, make)
  }

  static let usual: [SampleFigure] = [
    SampleFigure("loss") { lossCurve }, SampleFigure("ladder") { logarithmic },
    SampleFigure("legend") { manySeries }, SampleFigure("bars") { bars },
    SampleFigure("signs") { signedBars }, SampleFigure("attention") { attention },
    SampleFigure("bias") { diverging }, SampleFigure("mask") { wide },
    SampleFigure("pipeline") { pipeline }, SampleFigure("numbers") { numbers },
    SampleFigure("timetable") { timetable },
  ]

  static let degenerate: [SampleFigure] = [
    SampleFigure("no series") { LineChart(title: "", description: "") },
    SampleFigure("one point") { chart([(3, 4)]) },
    SampleFigure("constant") { chart([(0, 2), (1, 2), (2, 2)]) },
    SampleFigure("zero") { chart([(0, 0), (0, 0)]) },
    SampleFigure("all NaN") { chart([(.nan, .nan), (0, .nan)]) },
    SampleFigure("infinite") { chart([(0, .infinity), (1, 2), (2, -.infinity), (3, 1)]) },
    SampleFigure("huge") { chart([(0, 1e308), (1, -1e308), (2, 1e29), (3, -1e29)]) },
    SampleFigure("tiny") { chart([(0, .leastNonzeroMagnitude), (1, 1e-300), (2, 1e-29)]) },
    SampleFigure("nearly equal") { chart([(0, 1), (1, 1.000_000_000_1), (2, 1.000_001)]) },
    SampleFigure("log of nothing positive") { chart([(0, -1), (1, 0)], .logarithmic) },
    SampleFigure("log of one point") { chart([(1, 7)], .logarithmic) },
    SampleFigure("log of all sizes") { chart([(1e-29, 1e-29), (1e29, 1e29)], .logarithmic) },
    SampleFigure("no bars") { BarChart(title: "", description: "", groups: [], series: []) },
    SampleFigure("bars without values") {
      BarChart(
        title: "t", description: "d", groups: ["a", "b"],
        series: [.init("s", [.nan], ink: .ours), .init("t", [0, -.infinity, 3], ink: .peer)])
    },
    SampleFigure("bars with whiskers") {
      BarChart(
        title: "t", description: "d", groups: ["a", "b"],
        series: [
          .init("s", [2, .nan], ink: .ours, ranges: [1...5, -1...3]),
          .init("t", [-1, 3], ink: .peer, ranges: [-2...(-1)]),
        ])
    },
    SampleFigure("no cells") { HeatMap(title: "", description: "", rows: []) },
    SampleFigure("ragged cells") {
      HeatMap(
        title: "t", description: "d", rows: [[], [.nan, 1], [1, 1, .infinity]],
        rowLabels: ["a"], columnLabels: ["b", "c", "d", "e"], showsValues: true)
    },
    SampleFigure("no steps") { StepGrid(title: "", description: "", rows: [], blocks: []) },
    SampleFigure("impossible steps") {
      StepGrid(
        title: "", description: "", rows: ["a"],
        blocks: [
          .init(row: 1, start: 0, ink: .ours), .init(row: 0, start: -1, ink: .ours),
          .init(row: 0, start: 0, duration: 0, ink: .ours),
          .init(row: 0, start: .max, duration: .max, ink: .ours),
        ])
    },
    SampleFigure("no pieces") {
      TimetableChart(title: "", description: "", rows: [], pieces: [])
    },
    SampleFigure("impossible pieces") {
      TimetableChart(
        title: "t", description: "d", rows: ["a"],
        pieces: [
          .init(row: 1, start: 0, duration: 1, layers: [.init(ink: .query)]),
          .init(row: 0, start: -1, duration: 1, layers: [.init(ink: .query)]),
          .init(row: 0, start: .nan, duration: 1, layers: [.init(ink: .query)]),
          .init(row: 0, start: 0, duration: .infinity, layers: [.init(ink: .query)]),
          .init(row: 0, start: 0, duration: 0, layers: [.init(ink: .query)]),
          .init(row: 0, start: 0, duration: 1, layers: []),
        ])
    },
    SampleFigure("tiny pieces") {
      TimetableChart(
        title: "t", description: "d", rows: ["a"],
        pieces: (0..<2000).map {
          .init(
            row: 0, start: Double($0) / 7, duration: 1e-6,
            layers: [.init("F\($0)", ink: .query)])
        } + [.init(row: 0, start: 2, duration: 1e-30, layers: [.init(ink: .query)])])
    },
    SampleFigure("no numbers") {
      NumberLines(title: "", description: "", lines: [.init("a", [], ink: .ours)])
    },
    SampleFigure("impossible numbers") {
      NumberLines(
        title: "t", description: "d", scale: .logarithmic,
        lines: [.init("a", [-1, 0, .nan, 1, .infinity, 2], ink: .ours)])
    },
    SampleFigure("reserved characters") {
      LineChart(
        title: "a < b & \"c\"", description: "x > y\u{0}\u{1b}", xLabel: "<g>",
        series: [.init("</text>&amp;", [(0, 0), (1, 1)], ink: .series(-7))])
    },
  ]

  static func chart(_ points: [(x: Double, y: Double)], _ scale: Scale = .linear) -> LineChart {
    LineChart(
      title: "t", description: "d", xLabel: "x", yLabel: "y", xScale: scale, yScale: scale,
      series: [.init("s", points, ink: .ours, hasMarkers: true)])
  }

  /// A loss that falls to its floor, with noise and a gap.
  static var lossCurve: LineChart {
    var points: [(x: Double, y: Double)] = []
    for step in 0...3_000 {
      let x = Double(step)
      let noise = Double(step * 7_919 % 101) / 101 - 0.5
      let y = 0.87 + 4.7 / (1 + x / 40) + 0.12 * noise
      points.append((x, step == 1_200 ? .nan : y))
    }
    let checks = stride(from: 0, through: 3_000, by: 300).map { index in
      let x = Double(index)
      return (x: x, y: 0.9 + 4.75 / (1 + x / 40))
    }
    return LineChart(
      title: "The loss of a small model on the built-in corpus",
      description: "The training loss falls from 5.6 to about 0.9 nats, close to the floor.",
      xLabel: "step", yLabel: "loss (nats per byte)",
      series: [
        .init("training", points, ink: .neutral),
        .init("validation", checks, ink: .ours, hasMarkers: true),
      ],
      references: [
        .init("entropy of the corpus, 0.872", y: 0.872),
        .init("PyTorch after 2 000 steps", y: 1.886, ink: .peer),
      ])
  }

  static var logarithmic: LineChart {
    let sizes: [Double] = [16, 32, 64, 128, 256, 512, 1024, 2048]
    let naive = sizes.map { (x: $0, y: 3.5 / (1 + $0 / 900)) }
    let packed = sizes.map { (x: $0, y: 103 * $0 / ($0 + 40)) }
    return LineChart(
      title: "Speed of a matrix product", description: "Packing wins by a factor of thirty.",
      xLabel: "rows, columns and inner size", yLabel: "GFLOP/s", xScale: .logarithmic,
      yScale: .logarithmic,
      series: [
        .init("naive", naive, ink: .peer, hasMarkers: true),
        .init("packed", packed, ink: .ours, hasMarkers: true),
      ], references: [.init("peak of one core", y: 112)])
  }

  static var manySeries: LineChart {
    let series = (0..<14).map { index in
      let points = (0...20).map { step in
        let (x, shift) = (Double(step) * 1e9, Double(index))
        return (x: x, y: 1e-5 * (shift + Double(step) / 10))
      }
      return LineChart.Series("layer number \(index)", points, ink: .series(index))
    }
    return LineChart(
      title: "Fourteen curves", description: "Rising lines.", xLabel: "tokens",
      yLabel: "learning rate", series: series, yIncludes: [0])
  }

  static var numbers: NumberLines {
    let halves = (0...40).map { Double($0) / 20 }
    return NumberLines(
      title: "Two ways to divide", description: "Even steps, and steps that double.",
      valueLabel: "number",
      lines: [
        .init("even", halves, ink: .ours), .init("doubling", [0.25, 0.5, 1, 2], ink: .peer),
      ])
  }

  static var bars: BarChart {
    BarChart(
      title: "Training, tokens per second", description: "Ours is faster than the peer.",
      valueLabel: "tokens/s",
      groups: ["GPT, 4 layers of 128", "small V3, 10.3 M parameters", "decoding"],
      series: [
        .init("this book", [41_300, 6_210, 1_204], ink: .ours),
        .init("PyTorch", [26_800, 3_200, 61], ink: .peer),
      ])
  }

  static var signedBars: BarChart {
    BarChart(
      title: "Change of the loss", description: "Some ideas help.",
      groups: ["QK-norm", "bias"],
      series: [.init("", [-0.052, 0.013], ink: .ours)])
  }

  static var attention: HeatMap {
    let words = ["The", "little", "whale", "learned", "to", "read", "."]
    let rows: [[Double]] = words.indices.map { row in
      (0...row).map { column -> Double in
        let distance: Int = (row - column) * 2 + (row * 3 + column) % 3
        return 1 / Double(1 + distance)
      }
    }
    return HeatMap(
      title: "Attention weights of one head", description: "Each token looks back.", rows: rows,
      rowLabels: words, columnLabels: words, rowTitle: "query", columnTitle: "key",
      range: 0...1, showsValues: true)
  }

  static var diverging: HeatMap {
    let rows: [[Double]] = (0..<4).map { row in
      (0..<12).map { column -> Double in
        let level: Int = (column * 7 + row * 5) % 11 - 5
        return Double(level) / 2
      }
    }
    return HeatMap(
      title: "Router bias", description: "Biases of both signs.", rows: rows,
      rowLabels: (0..<4).map { "layer \($0)" }, columnLabels: (0..<12).map { "\($0)" },
      columnTitle: "expert", palette: .diverging)
  }

  static var wide: HeatMap {
    let rows: [[Double]] = (0..<64).map { row in
      (0..<64).map { column -> Double in column <= row ? Double(row - column) : .nan }
    }
    return HeatMap(
      title: "Distances", description: "A triangle.", rows: rows,
      rowLabels: (0..<64).map { "\($0)" }, columnLabels: (0..<64).map { "\($0)" })
  }

  /// One forward, one backward on four stages.
  static var pipeline: StepGrid {
    var blocks: [StepGrid.Block] = []
    for stage in 0..<4 {
      for batch in 0..<4 {
        blocks.append(.init(row: stage, start: stage + batch, label: "F\(batch)", ink: .query))
        let start = 7 + (3 - stage) * 2 + batch * 2
        blocks.append(
          .init(row: stage, start: start, duration: 2, label: "B\(batch)", ink: .gradient))
      }
    }
    return StepGrid(
      title: "GPipe on four stages", description: "Forward, then backward, with a bubble.",
      rows: (0..<4).map { "stage \($0)" }, blocks: blocks,
      legend: [("forward", .query), ("backward", .gradient)])
  }

  /// Two ways through two ranks, with idle time, halves of backward passes and a pair.
  static var timetable: TimetableChart {
    func piece(
      _ row: Int, _ start: Double, _ duration: Double, _ layers: TimetableChart.Layer...
    ) -> TimetableChart.Piece {
      .init(row: row, start: start, duration: duration, layers: layers)
    }
    return TimetableChart(
      title: "Four micro-batches on two ranks", description: "Two enter at either end.",
      rows: ["0", "1"],
      pieces: [
        piece(0, 0, 1, .init("0", ink: .query)),
        piece(0, 1, 1, .init("2", ink: .query, isTinted: true)),
        piece(0, 3, 3, .init("3", ink: .query, isTinted: true), .init("0", ink: .gradient)),
        piece(1, 0, 1, .init("2", ink: .query, isTinted: true)),
        piece(1, 1, 1, .init("0", ink: .query)),
        piece(1, 2, 1, .init("2", ink: .inputHalf, isTinted: true)),
        piece(1, 3.5, 0.5, .init("12", ink: .weightHalf, isTinted: true)),
      ],
      legend: [
        ("forward", [.init(ink: .query)]),
        ("a pair", [.init(ink: .query), .init(ink: .gradient)]),
      ], rowTitle: "rank", timeLabel: "time in units of F")
  }
}
