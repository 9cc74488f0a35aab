/// The rectangle of a line chart in which its curves lie, with both axes.
package struct Plot {
  package let box: Box
  package let xAxis: Axis
  package let yAxis: Axis

  package init(_ chart: LineChart, top: Double) {
    // Only points that have both coordinates may stretch an axis.
    let points = chart.series.flatMap(\.points).filter {
      chart.xScale.shows($0.x) && chart.yScale.shows($0.y)
    }
    xAxis = Axis(holding: points.map(\.x), scale: chart.xScale)
    let levels = chart.references.map(\.y) + chart.yIncludes
    yAxis = Axis(holding: points.map(\.y) + levels, scale: chart.yScale, rounded: true)

    let left = Drawing.margin + (yAxis.labels.map(Drawing.width).max() ?? 0) + 8
    let above = top + (chart.yLabel.isEmpty ? 6 : 24)
    let below = chart.xLabel.isEmpty ? 32.0 : 52.0
    // The last number of the horizontal axis is centred on the edge and needs room beyond it.
    let right = Drawing.margin + (xAxis.labels.last.map(Drawing.width) ?? 0) / 2
    box = Box(
      left, above, Drawing.width - left - right, max(40, chart.height - above - below))
  }

  package func x(_ value: Double) -> Double? {
    xAxis.place(value, from: box.x, to: box.right)
  }

  package func y(_ value: Double) -> Double? {
    yAxis.place(value, from: box.bottom, to: box.y)
  }

  func drawAxes(on drawing: inout Drawing, xLabel: String, yLabel: String) {
    for (tick, label) in zip(yAxis.ticks, yAxis.labels) {
      guard let y = y(tick) else { continue }
      drawing.line(Point(box.x, y), Point(box.right, y), style: "grid")
      drawing.text(label, box.x - 8, y + 4, anchor: .end, style: "faint")
    }
    drawing.line(Point(box.x, box.bottom), Point(box.right, box.bottom), style: "line faint")
    for (tick, label) in zip(xAxis.ticks, xAxis.labels) {
      guard let x = x(tick) else { continue }
      drawing.line(Point(x, box.bottom), Point(x, box.bottom + 5), style: "line faint")
      drawing.text(label, x, box.bottom + 20, anchor: .middle, style: "faint")
    }
    if !xLabel.isEmpty {
      drawing.text(xLabel, box.x + box.width / 2, box.bottom + 40, anchor: .middle)
    }
    if !yLabel.isEmpty { drawing.text(yLabel, Drawing.margin, box.y - 12) }
  }

  /// Returns a curve's unbroken pieces, in the drawing's coordinates.
  package func pieces(of series: LineChart.Series) -> [[Point]] {
    var pieces: [[Point]] = [[]]
    for point in series.points {
      if let x = x(point.x), let y = y(point.y), yAxis.scale.shows(point.y) {
        pieces[pieces.count - 1].append(Point(x, y))
      } else {
        pieces.append([])
      }
    }
    return pieces.filter { !$0.isEmpty }.map(Plot.thinned)
  }

  /// Keeps the lowest and the highest of the points that fall on the same pixel column.
  private static func thinned(_ points: [Point]) -> [Point] {
    guard points.count > 1_440 else { return points }
    var result: [Point] = []
    var start = 0
    while start < points.count {
      let column = points[start].x.rounded(.down)
      let end = points[start...].firstIndex { $0.x.rounded(.down) != column } ?? points.count
      var (least, greatest) = (start, start)
      for index in start..<end {
        if points[index].y < points[least].y { least = index }
        if points[index].y > points[greatest].y { greatest = index }
      }
      result.append(points[min(least, greatest)])
      if least != greatest { result.append(points[max(least, greatest)]) }
      start = end
    }
    return result
  }

  /// Returns points along a curve that are at most about four pixels apart.
  static func samples(of piece: [Point]) -> [Point] {
    guard var previous = piece.first else { return [] }
    var samples = [previous]
    for point in piece.dropFirst() {
      let reach = max(abs(point.x - previous.x), abs(point.y - previous.y))
      let count = max(1, Int(reach / 4))
      for index in 1...count {
        let share = Double(index) / Double(count)
        samples.append(
          Point(
            previous.x + share * (point.x - previous.x),
            previous.y + share * (point.y - previous.y)))
      }
      previous = point
    }
    return samples
  }
}
