import Attention
import CommandLine
import Figures
import MTP
import Serving
import Tensors

extension ServingDemo {
  /// The answers of eight texts, in tokens.
  private static let lengths = [6, 30, 10, 14, 12, 8, 22, 9]
  private static let places = 4

  /// Eight texts through four places: whole batches, one after another, against joining at any step.
  mutating func compareBatching() throws {
    Console.print(
      "Eight texts of \(Self.lengths.map(String.init).joined(separator: ", ")) tokens, four at a time"
    )
    let model = ServedModel(
      NamedConfiguration.tinyV3.model, .fp32,
      of: DeepSeekModel(NamedConfiguration.tinyV3.model, seed: seed))
    let waves = try (0..<2).map { wave in
      try Self.course(
        Array(Self.lengths[wave * Self.places..<(wave + 1) * Self.places]), model)
    }
    let first = waves[0].map(\.last).max() ?? 0
    let whole =
      waves[0]
      + waves[1].map {
        (place: $0.place, begin: $0.begin + first + 1, last: $0.last + first + 1)
      }
    let joined = try Self.course(Self.lengths, model)
    for (key, name, course) in [
      ("whole", "whole batches", whole), ("joined", "joining at any step", joined),
    ] {
      let steps = (course.map(\.last).max() ?? 0) + 1
      let mean = Double(course.reduce(0) { $0 + $1.last + 1 }) / Double(course.count)
      let work = Double(Self.lengths.reduce(0, +)) / Double(steps * Self.places)
      note("batching.\(key).steps", steps)
      note("batching.\(key).mean", mean)
      note("batching.\(key).busy", work)
      report(
        name,
        "\(steps) steps, \(Self.percent(work, 0)) of the places busy, an answer after "
          + "\(Self.digits(mean, 1)) steps on average")
    }
    Console.print()
    draw("batching", Self.timetable(whole, joined))
  }

  /// Where and when each text was written, as a scheduler tells it.
  private static func course(
    _ lengths: [Int], _ model: ServedModel
  ) throws -> [(place: Int, begin: Int, last: Int)] {
    var scheduler = Scheduler(
      model, limits: EngineLimits(active: places, tokensPerStep: 16),
      options: EngineOptions(sharesPrefixes: false))
    let ids = try lengths.enumerated().map { index, length in
      try scheduler.submit(GenerationRequest(prompt: [index], maximumTokens: length))
    }
    var course: [Int: (place: Int, begin: Int, last: Int)] = [:]
    var step = 0
    while !scheduler.isIdle {
      for (id, event) in scheduler.step() {
        switch event {
        case .started:
          let taken = Set(course.values.filter { $0.last >= step }.map(\.place))
          let free = (0..<places).first { !taken.contains($0) } ?? 0
          course[id] = (free, step, .max)
        case .finished: course[id]?.last = step
        case .token, .refused: break
        }
      }
      step += 1
    }
    return ids.compactMap { course[$0] }
  }

  private static func timetable(
    _ whole: [(place: Int, begin: Int, last: Int)],
    _ joined: [(place: Int, begin: Int, last: Int)]
  ) -> TimetableChart {
    func pieces(
      _ course: [(place: Int, begin: Int, last: Int)], below: Int
    ) -> [TimetableChart.Piece] {
      course.enumerated().map { index, text in
        TimetableChart.Piece(
          row: below + text.place, start: Double(text.begin),
          duration: Double(text.last - text.begin + 1),
          layers: [
            TimetableChart.Layer(
              String("ABCDEFGH".dropFirst(index).prefix(1)), ink: .series(index % 4),
              isTinted: index >= 4)
          ])
      }
    }
    return TimetableChart(
      title: "A batch that waits for its longest, and one that anybody may join",
      description:
        "Eight texts on four tracks, twice. Above, the second four begin when the longest of the first "
        + "four has ended, and most tracks are idle for most of the time. Below, each begins as soon "
        + "as a track is free.",
      rows: ["batch 1", "2", "3", "4", "joining 1", "2", "3", "4"],
      pieces: pieces(whole, below: 0) + pieces(joined, below: places), rowTitle: "place",
      timeLabel: "step")
  }

  /// How fast one core multiplies rows with a matrix whose codes it widens on the way.
  mutating func measureRows() {
    var generator = SplitMix64(seed: seed)
    Console.print("One core, rows times 256 x 256 weights, billions of operations a second")
    let sizes = [1, 2, 4, 8, 16]
    let rows = sizes.map { Tensor.normal(shape: [$0, 256], deviation: 1, using: &generator) }
    for (key, name, format) in [("fp32", "FP32", WeightFormat.fp32), ("int8", "int8", .int8)] {
      let matrix = QuantizedMatrix(
        .normal(shape: [256, 256], deviation: 0.06, using: &generator), format)
      var best = [Double](repeating: .infinity, count: sizes.count)
      // By turns, so that all sizes meet the same disturbances.
      for _ in 0..<400 {
        for (index, x) in rows.enumerated() {
          let time = ContinuousClock().measure {
            Threads.with(1) { for _ in 0..<20 { _ = matrix(x) } }
          }
          best[index] = min(best[index], time / .seconds(20))
        }
      }
      let speeds = zip(sizes, best).map { Double(2 * $0 * 256 * 256) / $1 / 1e9 }
      for (size, speed) in zip(sizes, speeds) {
        note("rows.\(key).\(size)", speed)
        note("rows.\(key).\(size).times", speed / speeds[0])
      }
      report(name, speeds.map { Self.digits($0, 0) }.joined(separator: ", "))
    }
    report("with as many as", sizes.map(String.init).joined(separator: ", ") + " rows")
    Console.print()
  }

  /// The tokens a second of a small V3, over the number of texts that are written together.
  mutating func measureBatches() throws {
    let configuration = NamedConfiguration.smallV3.model
    let model = DeepSeekModel(configuration, seed: seed)
    Console.print("small-v3, texts written together, tokens a second of all of them")
    let sizes = [1, 2, 4, 8, 16, 32]
    var series: [LineChart.Series] = []
    for (index, kind) in [
      ("fp32", "FP32", WeightFormat.fp32), ("int8", "int8", WeightFormat.int8),
    ]
    .enumerated() {
      let served = ServedModel(configuration, kind.2, of: model)
      var rates = [Double](repeating: 0, count: sizes.count)
      // By turns again.
      for _ in 0..<12 {
        for (index, texts) in sizes.enumerated() {
          rates[index] = max(rates[index], try Self.rate(served, texts: texts))
        }
      }
      for (texts, rate) in zip(sizes, rates) {
        note("batch.\(kind.0).\(texts)", rate)
        note("batch.\(kind.0).\(texts).each", rate / Double(texts))
        note("batch.\(kind.0).\(texts).times", rate / rates[0])
      }
      note("batch.\(kind.0).megabytes", Double(served.weightBytes.all) / 1e6)
      note("batch.\(kind.0).active-megabytes", Double(served.weightBytes.active) / 1e6)
      report(kind.1, rates.map { Self.digits($0, 0) }.joined(separator: ", "))
      series.append(
        .init(
          kind.1, zip(sizes, rates).map { (Double($0), $1) }, ink: .series(index),
          hasMarkers: true))
    }
    report("with as many as", sizes.map(String.init).joined(separator: ", ") + " texts")
    Console.print()
    draw(
      "batches",
      LineChart(
        title: "More texts, more tokens",
        description:
          "Tokens a second of a small V3 over the number of texts that are written together, both "
          + "axes logarithmic, with weights in FP32 and in int8. Both rise with the number of texts "
          + "up to sixteen and hardly beyond.",
        xLabel: "texts written together", yLabel: "tokens a second, all texts",
        xScale: .logarithmic, yScale: .logarithmic, series: series))
  }

  private static func rate(_ model: ServedModel, texts: Int) throws -> Double {
    let count = 32
    var scheduler = Scheduler(
      model, limits: EngineLimits(active: texts, tokensPerStep: 256),
      options: EngineOptions(sharesPrefixes: false))
    for text in 0..<texts {
      let prompt = (0..<8).map { (7 * text + $0) % model.configuration.vocabularySize }
      _ = try scheduler.submit(GenerationRequest(prompt: prompt, maximumTokens: count))
    }
    let seconds =
      ContinuousClock().measure {
        while !scheduler.isIdle { _ = scheduler.step() }
      } / .seconds(1)
    return Double(texts * count) / seconds
  }
}
