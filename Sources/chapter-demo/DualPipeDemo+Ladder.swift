import CommandLine
import DualPipe
import Figures

extension DualPipeDemo {
  /// One rung: a schedule and the sizes for which it is shown.
  private struct Rung {
    let method: PipelineMethod
    var ranks = 8
    var microBatches = 20
    var costs = Costs()
    /// How many times a rank holds its share of the parameters.
    var parameters = 1
    /// The micro-batches of the figure, if it would be too dense.
    var shown: Int?
  }

  /// F = 1, B = 2, W = 1, F&B = 3; a rank with two stages of a model has two half as large.
  private static let ladder: [Rung] = [
    Rung(method: .gpipe), Rung(method: .oneForwardOneBackward),
    Rung(
      method: .interleaved, microBatches: 24,
      costs: Costs(forward: 0.5, backward: 1, weights: 0.5), shown: 8),
    Rung(method: .zeroBubble), Rung(method: .zeroBubbleTwice),
    Rung(method: .chimera, microBatches: 24, parameters: 2, shown: 8),
    Rung(method: .dualPipe, parameters: 2),
    // The same stages as the others have on 8 ranks, and half of the micro-batches.
    Rung(method: .dualPipeV, ranks: 4, microBatches: 10, parameters: 2),
  ]

  /// Times every schedule and draws its timetable.
  mutating func climb() throws {
    Console.print("A step in units of F: B = 2, of which W = 1, and a pair takes 3")
    for rung in Self.ladder {
      let method = rung.method
      let schedule = try method.schedule(ranks: rung.ranks, microBatches: rung.microBatches)
      let timetable = try Timetable(schedule, rung.costs)
      let key = "ladder.\(method.rawValue)"
      let memory = timetable.memory
      let chunks = memory.map(\.chunks).max() ?? 0
      let held = Self.activations(timetable)
      let share = 100 * timetable.bubbleFraction
      // Steps that follow each other without waiting take a rank's own span, not the makespan.
      let isShorter = timetable.longestSpan < timetable.makespan
      let span = isShorter ? " (\(Self.short(timetable.longestSpan)) on a rank)" : ""
      report(
        method.title,
        "\(rung.ranks) ranks, \(rung.microBatches) micro-batches: "
          + "\(Self.short(timetable.makespan)) long\(span), idle \(Self.short(timetable.bubble)) "
          + "(\(Self.digits(share, 1)) %), \(chunks) chunks, parameters \(rung.parameters)×")
      note("\(key).ranks", rung.ranks)
      note("\(key).micro-batches", rung.microBatches)
      note("\(key).stages", schedule.stages)
      note("\(key).makespan", timetable.makespan)
      note("\(key).span", timetable.longestSpan)
      note("\(key).idle", timetable.bubble)
      note("\(key).idle-least", timetable.idle.min() ?? 0)
      note("\(key).bubble-share", share)
      note("\(key).activations", chunks)
      note("\(key).activations-least", memory.map(\.chunks).min() ?? 0)
      note("\(key).activations-freed-first", memory.map(\.chunksIfFreedFirst).max() ?? 0)
      note("\(key).waiting", memory.map(\.waiting).max() ?? 0)
      note("\(key).chunks-and-waiting", memory.map(\.chunksAndWaiting).max() ?? 0)
      note("\(key).activations-of-model", held)
      note("\(key).parameters", rung.parameters)
      try drawTimetable(of: rung)
    }
    Console.print()
    try drawMemory()
  }

  private mutating func drawTimetable(of rung: Rung) throws {
    let method = rung.method
    let count = rung.shown ?? rung.microBatches
    let timetable = try Timetable(
      method.schedule(ranks: rung.ranks, microBatches: count), rung.costs)
    if rung.shown != nil {
      note("ladder.\(method.rawValue)-\(count).makespan", timetable.makespan)
      note("ladder.\(method.rawValue)-\(count).idle", timetable.bubble)
    }
    draw(
      method.rawValue,
      TimetableChart(
        timetable, title: "\(method.title): \(rung.ranks) ranks, \(count) micro-batches",
        description: Self.description(of: timetable, title: method.title),
        timeLabel: "time, in units of a stage's forward pass"))
  }

  /// The most chunks on a rank, counted in eighths of the model.
  private static func activations(_ timetable: Timetable) -> Double {
    let schedule = timetable.schedule
    return Double(timetable.memory.map(\.chunks).max() ?? 0) * 8 / Double(schedule.stages)
  }

  private static func description(of timetable: Timetable, title: String) -> String {
    let schedule = timetable.schedule
    let idle = timetable.idle
    let waits =
      idle.allSatisfy { $0 == idle.first }
      ? "Every rank is idle for \(short(idle.first ?? 0))"
      : "A rank is idle for \(short(idle.min() ?? 0)) to \(short(idle.max() ?? 0))"
    return "A track for each rank; a box is an operation, its number the micro-batch. \(title) "
      + "takes \(short(timetable.makespan)) units for \(schedule.microBatches) micro-batches on "
      + "\(schedule.ranks) ranks. \(waits)."
  }

  /// Draws what each rank holds at most.
  private mutating func drawMemory() throws {
    let methods: [PipelineMethod] = [
      .gpipe, .oneForwardOneBackward, .zeroBubble, .zeroBubbleTwice, .dualPipe,
    ]
    var series: [LineChart.Series] = []
    for (index, method) in methods.enumerated() {
      let memory = try method.schedule(ranks: 8, microBatches: 20).memory
      series.append(
        .init(
          method.title, memory.enumerated().map { (Double($0), Double($1.chunksAndWaiting)) },
          ink: .series(index), hasMarkers: true))
      for (rank, held) in memory.enumerated() {
        note("memory.\(method.rawValue).\(rank).chunks", held.chunks)
        note("memory.\(method.rawValue).\(rank).chunks-and-waiting", held.chunksAndWaiting)
      }
    }
    draw(
      "memory",
      LineChart(
        title: "What each rank holds at most: chunks, and gradients of weights that wait",
        description:
          "The most chunks of activations and waiting gradients of weights on each of 8 ranks with "
          + "20 micro-batches. GPipe holds all 20 everywhere, ZB-H2 15, DualPipe 9, ZB1P 8. 1F1B "
          + "holds 8 on the first rank and one less on each next one.",
        xLabel: "rank", yLabel: "at most", series: series))
  }

  /// Recomputes V3's Table 2 for 8 stages, from its formulas and from schedules.
  mutating func compareWithTable() throws {
    Console.print("V3's Table 2 for 8 stages: by its formulas, and by the schedules")
    for row in PipelineRow.table(stages: 8) {
      let timetable = try Timetable(
        row.method.schedule(
          ranks: row.devices, microBatches: row.method == .dualPipeV ? 10 : 20))
      let held = timetable.memory.map(\.chunks).max() ?? 0
      report(
        row.method.title,
        "bubble \(row.formula) = \(Self.short(row.bubble)), found "
          + "\(Self.short(timetable.bubble)); activations \(row.activations), found \(held); "
          + "devices \(row.devices)")
      let key = "table.\(row.method.rawValue)"
      note("\(key).bubble-formula", row.bubble)
      note("\(key).bubble", timetable.bubble)
      note("\(key).activations-formula", row.activations)
      note("\(key).activations", held)
      note("\(key).parameters", row.parameters)
      note("\(key).devices", row.devices)
    }
    Console.print()
  }
}
