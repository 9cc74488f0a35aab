/// Who does what when: a row for each worker, a block for each piece of work.
public struct StepGrid: Figure {
  /// A piece of work.
  public struct Block: Equatable, Sendable {
    /// The worker that does it.
    public var row: Int
    /// When it begins.
    public var start: Int
    /// How long it takes.
    public var duration: Int
    /// What is written on it, where there is room.
    public var label: String
    /// What kind of work it is.
    public var ink: Ink

    /// Creates a piece of work that takes `duration` units of time from `start` on.
    public init(row: Int, start: Int, duration: Int = 1, label: String = "", ink: Ink) {
      (self.row, self.start, self.duration) = (row, start, duration)
      (self.label, self.ink) = (label, ink)
    }
  }

  /// What the picture shows.
  public var title: String
  /// What there is to see.
  public var description: String
  /// The names of the rows.
  public var rows: [String]
  /// The work.
  public var blocks: [Block]
  /// What the colours mean.
  public var legend: [(label: String, ink: Ink)]
  /// What the horizontal axis measures.
  public var timeLabel: String

  /// Creates a grid; blocks outside its rows, before time zero or without duration are left out.
  public init(
    title: String, description: String, rows: [String], blocks: [Block],
    legend: [(label: String, ink: Ink)] = [], timeLabel: String = "time"
  ) {
    (self.title, self.description, self.rows) = (title, description, rows)
    (self.blocks, self.legend, self.timeLabel) = (blocks, legend, timeLabel)
  }

  /// The blocks that have a place.
  private var placed: [Block] {
    blocks.filter {
      rows.indices.contains($0.row) && (0..<1_000_000).contains($0.start)
        && (1..<1_000_000).contains($0.duration)
    }
  }

  /// The time at which the last block ends.
  public var end: Int { placed.map { $0.start + $0.duration }.max() ?? 0 }

  /// Draws the picture as a complete SVG document.
  public func svg() -> String {
    var drawing = Drawing()
    var top = drawing.heading(title)
    top += drawing.legend(legend, left: Drawing.margin, top: top, asLines: false)

    let left = Drawing.margin + (rows.map(Drawing.width).max() ?? 0) + 10
    let room = Drawing.width - Drawing.margin - left
    let unit = min(room / Double(max(end, 1)), 44)
    let rowHeight = 26.0
    let right = left + unit * Double(max(end, 1))
    let bottom = top + rowHeight * Double(rows.count)

    for (row, label) in rows.enumerated() {
      let y = top + rowHeight * (Double(row) + 0.5)
      drawing.text(label, left - 10, y + 4, anchor: .end)
      drawing.line(Point(left, y), Point(right, y), style: "grid")
    }
    for block in placed {
      let box = Box(
        left + unit * Double(block.start), top + rowHeight * Double(block.row) + 2,
        unit * Double(block.duration), rowHeight - 4)
      // A hairline of paper between blocks, thinner where blocks are narrow.
      let inset = min(1, unit / 10)
      let inner = Box(box.x + inset, box.y, box.width - 2 * inset, box.height)
      drawing.box(inner, ink: block.ink, rounding: min(3, unit / 5))
      // Small text is ten twelfths as wide as that of the estimate.
      if Drawing.width(of: block.label) * 10 / 12 <= inner.width {
        let (x, y) = (box.x + box.width / 2, box.y + box.height / 2 + 3.5)
        drawing.text(block.label, x, y, anchor: .middle, style: "onink")
      }
    }
    let axis = Axis(holding: [0, Double(max(end, 1))])
    for tick in axis.ticks where tick == tick.rounded() {
      guard let x = axis.place(tick, from: left, to: right) else { continue }
      drawing.text(Digits.short(tick), x, bottom + 18, anchor: .middle, style: "faint")
    }
    drawing.text(timeLabel, (left + right) / 2, bottom + 36, anchor: .middle)
    return drawing.document(title: title, description: description, height: bottom + 48)
  }

  /// Draws the grid with letters, for a terminal.
  ///
  /// A block shows its label and a bar as long as it lasts; a dot is a unit of time without work.
  public func text() -> String {
    let unit = placed.map { ($0.label.count + $0.duration) / $0.duration }.max() ?? 1
    let names = rows.map(\.count).max() ?? 0
    var idle: [Character] = []
    for _ in 0..<end { idle += ["·"] + [Character](repeating: " ", count: unit - 1) }
    var lines = [[Character]](repeating: idle, count: rows.count)
    for block in placed {
      let width = block.duration * unit
      let bar = unit > 1 ? width - 1 : width
      var cell = Array(block.label.prefix(bar))
      cell += [Character](repeating: "━", count: bar - cell.count)
      cell += [Character](repeating: " ", count: width - bar)
      lines[block.row].replaceSubrange(
        block.start * unit..<block.start * unit + width, with: cell)
    }
    return zip(rows, lines).map { name, line in
      let margin = String(repeating: " ", count: names - name.count)
      return margin + name + " │" + String(line) + "│\n"
    }.joined()
  }
}
