import Checkpoints
import CommandLine
import DualPipe
import Figures
import Foundation

/// One schedule to show, instead of the whole demonstration.
struct PipelineRequest {
  let schedule: PipelineSchedule
  let costs: Costs
  let isJSON: Bool

  /// Prints the schedule and its times; draws it if there is a folder for figures.
  func run(figures: URL?) throws {
    let timetable = try Timetable(schedule, costs)
    Console.print(isJSON ? json(timetable).text(isIndented: false) : text(timetable))
    if let figures {
      let title =
        "\(schedule.name) on \(schedule.ranks) ranks with \(schedule.microBatches) micro-batches"
      try TimetableChart(timetable, title: title)
        .write(to: figures.appending(path: "timetable-\(schedule.name).svg"))
    }
  }

  private func text(_ timetable: Timetable) -> String {
    let cell = [costs.forward, costs.inputs, costs.weights].filter { $0 > 0 }.min() ?? 1
    let memory = timetable.memory
    let rows: [(String, String)] = [
      ("makespan", Self.number(timetable.makespan)),
      ("idle", timetable.idle.map(Self.number).joined(separator: " ")),
      (
        "bubble",
        "\(Self.number(timetable.bubble)), "
          + "\(String(format: "%.1f", 100 * timetable.bubbleFraction)) % of all ranks' time"
      ),
      ("activations", memory.map { "\($0.chunks)" }.joined(separator: " ") + " chunks at most"),
      ("waiting", memory.map { "\($0.waiting)" }.joined(separator: " ") + " W at most"),
    ]
    let lines = rows.map { $0.padding(toLength: 14, withPad: " ", startingAt: 0) + $1 }
    // A line of 33 cells is about as wide as a page.
    return ([timetable.text(cell: cell, cells: 33), ""] + lines).joined(separator: "\n")
  }

  private func json(_ timetable: Timetable) -> JSONValue {
    [
      "schedule": .string(schedule.name), "ranks": .integer(schedule.ranks),
      "micro_batches": .integer(schedule.microBatches),
      "costs": [
        "forward": .number(costs.forward), "backward": .number(costs.backward),
        "weights": .number(costs.weights), "pair": .number(costs.pair),
      ],
      "makespan": .number(timetable.makespan),
      "idle": .array(timetable.idle.map(JSONValue.number)),
      "bubble_share": .number(timetable.bubbleFraction),
      "peak_activations": .array(timetable.memory.map { .integer($0.chunks) }),
      "operations": .array(timetable.entries.map { .array($0.map(Self.json)) }),
    ]
  }

  private static func json(_ entry: Timetable.Entry) -> JSONValue {
    let (kind, chunks): (String, [Chunk]) =
      switch entry.operation {
      case .forward(let chunk): ("F", [chunk])
      case .backward(let chunk): ("B", [chunk])
      case .inputs(let chunk): ("I", [chunk])
      case .weights(let chunk): ("W", [chunk])
      case .pair(let forward, let backward): ("FB", [forward, backward])
      }
    let places = chunks.map { chunk -> JSONValue in
      ["stage": .integer(chunk.stage), "micro_batch": .integer(chunk.microBatch)]
    }
    return [
      "kind": .string(kind), "chunks": .array(places), "start": .number(entry.start),
      "end": .number(entry.end),
    ]
  }

  private static func number(_ value: Double) -> String {
    let text = String(format: "%.3f", value)
    return String(text.reversed().drop { $0 == "0" }.drop { $0 == "." }.reversed())
  }
}
