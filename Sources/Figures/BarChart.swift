/// Bars that lie, one group under the other, so that long names and numbers have room.
public struct BarChart: Figure {
  /// The bars of one colour: a value for each group.
  public struct Series {
    /// What the legend calls them.
    public var label: String
    /// The values in the order of the groups; a missing or infinite one is shown as a dash.
    public var values: [Double]
    /// The colour of the bars.
    public var ink: Ink
    /// For each group between what the value lies, drawn as a whisker; none without.
    public var ranges: [ClosedRange<Double>]

    /// Creates bars of one colour.
    public init(
      _ label: String, _ values: [Double], ink: Ink, ranges: [ClosedRange<Double>] = []
    ) {
      (self.label, self.values, self.ink, self.ranges) = (label, values, ink, ranges)
    }
  }

  /// What the picture shows.
  public var title: String
  /// What there is to see.
  public var description: String
  /// What the bars measure, with its unit.
  public var valueLabel: String
  /// The names of the groups, from top to bottom.
  public var groups: [String]
  /// The bars of each group, from top to bottom.
  public var series: [Series]
  /// How a value is written at the end of its bar.
  public var format: (Double) -> String

  /// Creates a chart; by default values are written with three significant digits.
  public init(
    title: String, description: String, valueLabel: String = "", groups: [String],
    series: [Series], format: ((Double) -> String)? = nil
  ) {
    (self.title, self.description, self.valueLabel) = (title, description, valueLabel)
    (self.groups, self.series, self.format) = (groups, series, format ?? Digits.short)
  }

  /// Draws the picture as a complete SVG document.
  public func svg() -> String {
    var drawing = Drawing()
    var top = drawing.heading(title)
    top += drawing.legend(
      series.map { ($0.label, $0.ink) }, left: Drawing.margin, top: top, asLines: false)

    let values = series.flatMap(\.values)
    let ends = series.flatMap(\.ranges).flatMap { [$0.lowerBound, $0.upperBound] }
    let axis = Axis(holding: values + ends + [0], rounded: true)
    let names = groups.map(Drawing.width).max() ?? 0
    let left = Drawing.margin + min(names, 260) + 10
    let numbers = values.map { Drawing.width(of: format($0)) }.max() ?? 0
    let right = Drawing.width - Drawing.margin - max(numbers + 6, 16)
    let (bar, gap) = (16.0, 10.0)
    let groupHeight = bar * Double(max(series.count, 1)) + gap
    let bottom = top + groupHeight * Double(groups.count) + gap / 2

    for (tick, label) in zip(axis.ticks, axis.labels) {
      guard let x = axis.place(tick, from: left, to: right) else { continue }
      drawing.line(Point(x, top), Point(x, bottom), style: "grid")
      drawing.text(label, x, bottom + 16, anchor: .middle, style: "faint")
    }
    let zero = axis.place(0, from: left, to: right) ?? left
    for (index, group) in groups.enumerated() {
      let y = top + gap / 2 + groupHeight * Double(index)
      let middle = y + (groupHeight - gap) / 2
      drawing.text(group, left - 10, middle + 4, anchor: .end)
      for (row, series) in series.enumerated() {
        let value = index < series.values.count ? series.values[index] : .nan
        let end = axis.place(value, from: left, to: right) ?? zero
        let box = Box(min(zero, end), y + bar * Double(row) + 1, abs(end - zero), bar - 2)
        drawing.box(box, ink: series.ink, rounding: 2)
        var free = box.right
        if index < series.ranges.count {
          let ends = series.ranges[index]
          free = max(free, whisker(ends, axis, left, right, middle: box.y + 7, on: &drawing))
        }
        // A negative bar leaves the room on its right free.
        drawing.text(format(value), free + 5, box.y + 11.5)
      }
    }
    drawing.line(Point(zero, top), Point(zero, bottom), style: "line faint")
    if !valueLabel.isEmpty {
      drawing.text(valueLabel, (left + right) / 2, bottom + 36, anchor: .middle)
    }
    let height = bottom + (valueLabel.isEmpty ? 30 : 50)
    return drawing.document(title: title, description: description, height: height)
  }

  /// Draws a line from one end to the other with a tick at each; its right end.
  private func whisker(
    _ ends: ClosedRange<Double>, _ axis: Axis, _ left: Double, _ right: Double,
    middle y: Double, on drawing: inout Drawing
  ) -> Double {
    guard let low = axis.place(ends.lowerBound, from: left, to: right),
      let high = axis.place(ends.upperBound, from: left, to: right)
    else { return left }
    drawing.line(Point(low, y), Point(high, y), style: "line faint")
    for x in [low, high] { drawing.line(Point(x, y - 4), Point(x, y + 4), style: "line faint") }
    return high
  }
}
