extension Timetable {
  /// The timetable as a grid for the terminal: a row for each rank, a cell for each unit of
  /// time.
  public var text: String { text() }

  /// The timetable as a grid for the terminal.
  ///
  /// `F` is a forward pass, `B` a whole backward pass, `I` and `W` its halves, `f` and `b` the
  /// two passes of a pair, `.` is idle. Digits count the micro-batches of the first way, or of
  /// a rank's first stage; letters those of the second. Where they do not suffice, numbers do,
  /// with a mark for each way or stage beyond the first.
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
      // Numbers stand on the right of their cells, operations on the left.
      let head = line("t", range.map { $0.aligned(to: width) }, width)
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

extension Int {
  fileprivate func aligned(to width: Int) -> String {
    let digits = String(self)
    return String(repeating: " ", count: Swift.max(0, width - digits.count)) + digits
  }
}
