import DualPipe
import Figures

extension TimetableChart {
  /// Draws a schedule's times: blue for F, red for B, purple and olive for its halves, one above the
  /// other for a pair; the second way, or the second stage of a rank, is lighter.
  init(
    _ timetable: Timetable, title: String, description: String = "", timeLabel: String = "time"
  ) {
    let schedule = timetable.schedule
    let lanes = Lanes(schedule.placement)
    let pieces = timetable.entries.enumerated().flatMap { rank, entries in
      entries.map { entry in
        Piece(
          row: rank, start: entry.start, duration: entry.end - entry.start,
          layers: lanes.layers(of: entry.operation))
      }
    }
    let idle = timetable.bubble.formatted
    self.init(
      title: title,
      description: description.isEmpty
        ? "A track for each of \(schedule.ranks) ranks, from 0 to \(timetable.makespan.formatted); "
          + "the rank that waits most waits for \(idle)." : description,
      rows: (0..<schedule.ranks).map(String.init), pieces: pieces,
      legend: Lanes.legend(of: schedule), rowTitle: "rank", timeLabel: timeLabel)
  }
}

extension Double {
  /// The shortest digits, without the `.0` of a whole number.
  fileprivate var formatted: String {
    description.hasSuffix(".0") ? String(description.dropLast(2)) : description
  }
}

/// Which shade a chunk has: a pipeline has two ways, or its ranks have several stages.
private struct Lanes {
  private let ways: [Int]
  /// How many stages of the same rank come before each stage, for each way.
  private let visits: [[Int]]

  init(_ placement: Placement) {
    ways = placement.ways
    visits = placement.routes.map { route in
      route.indices.map { stage in route[..<stage].count { $0 == route[stage] } }
    }
  }

  func layers(of operation: Operation) -> [TimetableChart.Layer] {
    switch operation {
    case .forward(let chunk): [layer(chunk, .query)]
    case .backward(let chunk): [layer(chunk, .gradient)]
    case .inputs(let chunk): [layer(chunk, .inputHalf)]
    case .weights(let chunk): [layer(chunk, .weightHalf)]
    case .pair(let forward, let backward):
      [layer(forward, .query), layer(backward, .gradient)]
    }
  }

  private func layer(_ chunk: Chunk, _ ink: Ink) -> TimetableChart.Layer {
    let way = ways[chunk.microBatch]
    return .init(
      "\(chunk.microBatch)", ink: ink,
      isTinted: (way + visits[way][chunk.stage]) % 2 == 1)
  }

  static func legend(
    of schedule: PipelineSchedule
  ) -> [(label: String, layers: [TimetableChart.Layer])] {
    var entries: [(label: String, layers: [TimetableChart.Layer])] = []
    let operations = schedule.plan.joined()
    func add(_ label: String, _ inks: Ink..., when isShown: (Operation) -> Bool) {
      if operations.contains(where: isShown) {
        entries.append((label, inks.map { TimetableChart.Layer(ink: $0) }))
      }
    }
    add("F: forward", .query) { if case .forward = $0 { true } else { false } }
    add("B: backward", .gradient) { if case .backward = $0 { true } else { false } }
    add("I: backward, input", .inputHalf) { if case .inputs = $0 { true } else { false } }
    add("W: backward, weights", .weightHalf) { if case .weights = $0 { true } else { false } }
    add("F&B: a pair", .query, .gradient) { if case .pair = $0 { true } else { false } }
    if schedule.placement.routes.count > 1 {
      entries.append(("lighter: the other way", [.init(ink: .query, isTinted: true)]))
    } else if schedule.stages > schedule.ranks {
      entries.append(("lighter: a rank's second stage", [.init(ink: .query, isTinted: true)]))
    }
    return entries
  }
}
