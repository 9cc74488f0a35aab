extension Timetable {
  /// The timetable as a grid for the terminal: a row for each rank, a cell for each unit of time.
  public var text: String { text() }

  /// The timetable as a grid for the terminal.
  ///
  /// `F` is a forward pass, `B` a whole backward pass, `I` and `W` its halves, `f` and `b` the two
  /// passes of a pair, `.` is idle. Digits count the micro-batches of the first way, or of a rank's
  /// first stage; letters those of the second. Where they do not suffice, numbers do, with a mark
  /// for each way or stage beyond the first.
  /// - Parameters:
  ///   - cell: the time of a cell.
  ///   - cells: how many cells a line holds before the grid goes on below.
  public func text(cell: Double = 1, cells: Int = .max) -> String {
    let labels = ChunkLabels(schedule.placement)
    let count = cell > 0 ? Int(min((makespan / cell).rounded(.up), 100_000)) : 0
    let rows = entries.map { row(of: $0, cell: cell, count: count, labels) }
    let width = max(
      2, rows.joined().map(\.count).max() ?? 2, String(max(count - 1, 0)).count)
    let blocks = stride(from: 0, to: count, by: max(1, min(cells, max(count, 1)))).map {
      first in
      let range = first..<min(count, first + min(cells, count))
      let head = line("t", range.map { String($0) }, width)
      let body = rows.enumerated().map { line("r\($0)", $1[range], width) }
      return ([head] + body).joined(separator: "\n")
    }
    return blocks.joined(separator: "\n\n")
  }

  /// What runs at the middle of each cell.
  private func row(
    of entries: [Entry], cell: Double, count: Int, _ labels: ChunkLabels
  ) -> [String] {
    var row = Array(repeating: ".", count: count)
    var next = 0
    for index in 0..<count {
      let middle = (Double(index) + 0.5) * cell
      while next < entries.count, entries[next].end <= middle { next += 1 }
      guard next < entries.count, entries[next].start <= middle else { continue }
      let entry = entries[next]
      switch entry.operation {
      case .forward(let chunk): row[index] = "F" + labels[chunk]
      case .backward(let chunk): row[index] = "B" + labels[chunk]
      case .inputs(let chunk): row[index] = "I" + labels[chunk]
      case .weights(let chunk): row[index] = "W" + labels[chunk]
      case .pair(let forward, let backward):
        let share = costs.forward / (costs.forward + costs.backward)
        let isForward = (middle - entry.start) / (entry.end - entry.start) < share
        row[index] = isForward ? "f" + labels[forward] : "b" + labels[backward]
      }
    }
    return row
  }

  private func line(_ name: String, _ cells: some Sequence<String>, _ width: Int) -> String {
    func padded(_ text: String, _ width: Int) -> String {
      text + String(repeating: " ", count: max(0, width - text.count))
    }
    let text = padded(name, 4) + " " + cells.map { padded($0, width) }.joined(separator: " ")
    return String(text.reversed().drop { $0 == " " }.reversed())
  }
}

/// Short names for the chunks of a placement.
struct ChunkLabels {
  private let placement: Placement
  /// The place of each micro-batch among those of its way.
  private let indices: [Int]
  /// How many stages a rank has worked through before a stage, for each way.
  private let visits: [[Int]]
  private let isShort: Bool

  init(_ placement: Placement) {
    self.placement = placement
    var counts = Array(repeating: 0, count: placement.routes.count)
    indices = placement.ways.map { way in
      defer { counts[way] += 1 }
      return counts[way]
    }
    visits = placement.routes.map { route in
      var seen: [Int: Int] = [:]
      return route.map { rank in
        defer { seen[rank, default: 0] += 1 }
        return seen[rank, default: 0]
      }
    }
    let lanes = placement.routes.count * (1 + (visits.joined().max() ?? 0))
    isShort = lanes <= 2 && (counts.max() ?? 0) <= 10
  }

  /// The name of a chunk.
  subscript(_ chunk: Chunk) -> String {
    let way = placement.ways[chunk.microBatch]
    let index = indices[chunk.microBatch]
    let lane = way + placement.routes.count * visits[way][chunk.stage]
    guard isShort else { return "\(index)" + String(repeating: "'", count: lane) }
    return lane == 0 ? "\(index)" : String(UnicodeScalar(UInt8(97 + index)))
  }
}
