/// A matrix of coloured cells, such as attention weights or the load of experts.
public struct HeatMap: Figure {
  /// What the picture shows.
  public var title: String
  /// What there is to see.
  public var description: String
  /// The numbers, row by row; what is missing or not finite stays empty.
  public var rows: [[Double]]
  /// The names of the rows.
  public var rowLabels: [String]
  /// The names of the columns.
  public var columnLabels: [String]
  /// What the rows are.
  public var rowTitle: String
  /// What the columns are.
  public var columnTitle: String
  /// How numbers become colours.
  public var palette: Palette
  /// The numbers at the ends of the palette; by default those of the data.
  public var range: ClosedRange<Double>?
  /// Whether the cells show their numbers, where they fit.
  public var showsValues: Bool

  /// Creates a map.
  public init(
    title: String, description: String, rows: [[Double]], rowLabels: [String] = [],
    columnLabels: [String] = [], rowTitle: String = "", columnTitle: String = "",
    palette: Palette = .sequential, range: ClosedRange<Double>? = nil, showsValues: Bool = false
  ) {
    (self.title, self.description, self.rows) = (title, description, rows)
    (self.rowLabels, self.columnLabels) = (rowLabels, columnLabels)
    (self.rowTitle, self.columnTitle) = (rowTitle, columnTitle)
    (self.palette, self.range, self.showsValues) = (palette, range, showsValues)
  }

  /// Draws the picture as a complete SVG document.
  public func svg() -> String {
    var drawing = Drawing()
    var top = drawing.heading(title)
    if !rowTitle.isEmpty {
      drawing.text(rowTitle, Drawing.margin, top + 4)
      top += 16
    }
    let (low, high) = bounds
    let columns = rows.map(\.count).max() ?? 0
    let left = Drawing.margin + (rowLabels.map(Drawing.width).max() ?? 0) + 8
    let room = Drawing.width - left - 96
    let side = min(room / Double(max(columns, 1)), 56)
    // Cells are squares unless there are so few that squares would be huge.
    let cells = Cells(
      left: left, top: top, width: side, height: min(side, 36), columns: columns,
      rows: rows.count)

    drawCells(cells, low, high, on: &drawing)
    let height = cells.bottom + drawLabels(cells, on: &drawing)
    drawBar(cells, low, high, on: &drawing)
    return drawing.document(
      title: title, description: description, height: max(height, top + 120))
  }

  /// Where the cells lie.
  private struct Cells {
    let left, top, width, height: Double
    let columns, rows: Int
    var right: Double { left + width * Double(columns) }
    var bottom: Double { top + height * Double(rows) }
  }

  /// The ends of the palette; those of a diverging one are equally far from zero.
  private var bounds: (Double, Double) {
    if let range { return (range.lowerBound, range.upperBound) }
    let shown = rows.joined().filter(Scale.linear.shows)
    guard let least = shown.min(), let greatest = shown.max() else { return (0, 1) }
    if palette == .diverging {
      let reach = max(abs(least), abs(greatest))
      return reach == 0 ? (-1, 1) : (-reach, reach)
    }
    return least < greatest ? (least, greatest) : (least, least + 1)
  }

  private func level(_ value: Double, _ low: Double, _ high: Double) -> Int? {
    guard Scale.linear.shows(value), high > low else { return nil }
    let share = min(max((value - low) / (high - low), 0), 1)
    return Int((share * Double(Palette.levels - 1)).rounded())
  }

  private func colour(_ level: Int) -> Colour {
    palette.colour(Double(level) / Double(Palette.levels - 1))
  }

  /// Draws one path for each colour, with neighbours of one colour in one piece.
  private func drawCells(
    _ cells: Cells, _ low: Double, _ high: Double, on drawing: inout Drawing
  ) {
    var paths = [String](repeating: "", count: Palette.levels)
    for (row, values) in rows.enumerated() {
      let levels = values.map { level($0, low, high) }
      let y = cells.top + cells.height * Double(row)
      var start = 0
      while start < levels.count {
        let end = levels[start...].firstIndex { $0 != levels[start] } ?? levels.count
        if let level = levels[start] {
          let x = cells.left + cells.width * Double(start)
          let width = cells.width * Double(end - start)
          paths[level] += "M\(n(x)) \(n(y))h\(n(width))v\(n(cells.height))h\(n(-width))z"
        }
        start = end
      }
    }
    for (level, path) in paths.enumerated() where !path.isEmpty {
      let fill = colour(level).text
      drawing.add("<path fill=\"\(fill)\" shape-rendering=\"crispEdges\" d=\"\(path)\"/>")
    }
    if showsValues { drawValues(cells, low, high, on: &drawing) }
  }

  private func drawValues(
    _ cells: Cells, _ low: Double, _ high: Double, on drawing: inout Drawing
  ) {
    for (row, values) in rows.enumerated() {
      for (column, value) in values.enumerated() {
        let text = Digits.short(value)
        // Small text is ten twelfths as wide as that of the estimate.
        guard let level = level(value, low, high), cells.height >= 12,
          Drawing.width(of: text) * 10 / 12 <= cells.width
        else { continue }
        let x = cells.left + cells.width * (Double(column) + 0.5)
        let y = cells.top + cells.height * (Double(row) + 0.5) + 3.5
        let fill = colour(level).contrast(with: 0xffffff) > 4.5 ? "#ffffff" : "#000000"
        drawing.add(
          "<text class=\"small\" style=\"fill:\(fill)\" x=\"\(n(x))\" y=\"\(n(y))\" "
            + "text-anchor=\"middle\">\(text)</text>")
      }
    }
  }

  /// Names rows and columns, leaving out names where they would touch; returns the height below.
  private func drawLabels(_ cells: Cells, on drawing: inout Drawing) -> Double {
    let everyRow = max(1, Int((13 / max(cells.height, 1)).rounded(.up)))
    for (row, label) in rowLabels.prefix(cells.rows).enumerated() where row % everyRow == 0 {
      let y = cells.top + cells.height * (Double(row) + 0.5) + 4
      drawing.text(label, cells.left - 8, y, anchor: .end, style: "faint")
    }
    let widest = columnLabels.map(Drawing.width).max() ?? 0
    let isTurned = widest + 6 > cells.width && cells.width >= 14 && widest > 24
    let every = isTurned ? 1 : max(1, Int(((widest + 6) / max(cells.width, 1)).rounded(.up)))
    for (column, label) in columnLabels.prefix(cells.columns).enumerated()
    where column % every == 0 {
      let x = cells.left + cells.width * (Double(column) + 0.5)
      if isTurned {
        drawing.text(
          label, x + 4, cells.bottom + 10, anchor: .end, style: "faint", turned: -60)
      } else {
        drawing.text(label, x, cells.bottom + 15, anchor: .middle, style: "faint")
      }
    }
    let names = columnLabels.isEmpty ? 6 : isTurned ? 16 + widest * 0.87 : 22
    if columnTitle.isEmpty { return names + 10 }
    let middle = (cells.left + cells.right) / 2
    drawing.text(columnTitle, middle, cells.bottom + names + 14, anchor: .middle)
    return names + 30
  }

  /// Draws the palette beside the map, with the numbers at its ends and in the middle.
  private func drawBar(
    _ cells: Cells, _ low: Double, _ high: Double, on drawing: inout Drawing
  ) {
    let bar = Box(cells.right + 20, cells.top, 14, max(min(cells.bottom - cells.top, 200), 90))
    let step = bar.height / Double(Palette.levels)
    for level in 0..<Palette.levels {
      let y = bar.bottom - step * Double(level + 1)
      drawing.add(
        "<rect fill=\"\(colour(level).text)\" shape-rendering=\"crispEdges\" x=\"\(n(bar.x))\" "
          + "y=\"\(n(y))\" width=\"14\" height=\"\(n(step))\"/>")
    }
    for (share, value) in [(0.0, low), (0.5, (low + high) / 2), (1.0, high)] {
      let y = bar.bottom - share * bar.height + 4
      drawing.text(Digits.short(value), bar.right + 6, y, style: "faint")
    }
  }
}
