/// Lines with a mark wherever there is a number, to compare what formats can hold.
public struct NumberLines: Figure {
  /// One line.
  public struct Line {
    /// What stands beside it.
    public var label: String
    /// The numbers in rising order.
    public var values: [Double]
    /// The colour of the marks.
    public var ink: Ink

    /// Creates a line.
    public init(_ label: String, _ values: [Double], ink: Ink) {
      (self.label, self.values, self.ink) = (label, values, ink)
    }
  }

  /// What the picture shows.
  public var title: String
  /// What there is to see.
  public var description: String
  /// What the axis measures.
  public var valueLabel: String
  /// How the axis is divided.
  public var scale: Scale
  /// The lines, from top to bottom.
  public var lines: [Line]

  /// Creates a picture; its axis holds all numbers.
  public init(
    title: String, description: String, valueLabel: String = "", scale: Scale = .linear,
    lines: [Line]
  ) {
    (self.title, self.description, self.valueLabel) = (title, description, valueLabel)
    (self.scale, self.lines) = (scale, lines)
  }

  /// Draws the picture as a complete SVG document.
  public func svg() -> String {
    var drawing = Drawing()
    let top = drawing.heading(title)
    let left = Drawing.margin + (lines.map { Drawing.width(of: $0.label) }.max() ?? 0) + 12
    let right = Drawing.width - Drawing.margin - 14
    let height = 34.0
    let bottom = top + height * Double(lines.count)
    let axis = Axis(holding: lines.flatMap(\.values), scale: scale)
    for (tick, label) in zip(axis.ticks, axis.labels) {
      guard let x = axis.place(tick, from: left, to: right) else { continue }
      drawing.line(Point(x, top), Point(x, bottom), style: "grid")
      drawing.text(label, x, bottom + 16, anchor: .middle, style: "faint")
    }
    for (row, line) in lines.enumerated() {
      let y = top + height * (Double(row) + 0.5)
      drawing.text(line.label, left - 12, y + 4, anchor: .end)
      drawing.line(Point(left, y), Point(right, y), style: "grid")
      var last = -Double.infinity
      for value in line.values {
        // Marks that would hide each other are drawn once.
        guard let x = axis.place(value, from: left, to: right), x >= last + 1 else { continue }
        drawing.box(Box(x - 0.5, y - 9, 1, 18), ink: line.ink)
        last = x
      }
    }
    drawing.text(valueLabel, (left + right) / 2, bottom + 36, anchor: .middle)
    return drawing.document(title: title, description: description, height: bottom + 48)
  }
}
