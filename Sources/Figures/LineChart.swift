/// Curves over a common axis, such as losses over steps.
public struct LineChart: Figure {
  /// One curve.
  public struct Series {
    /// What the legend calls it; without a label it is not in the legend.
    public var label: String
    /// The points in the order in which they are joined; a point without a place leaves a gap.
    public var points: [(x: Double, y: Double)]
    /// The colour of the line.
    public var ink: Ink
    /// Whether each point gets a dot.
    public var hasMarkers: Bool

    /// Creates a curve.
    public init(
      _ label: String, _ points: [(x: Double, y: Double)], ink: Ink, hasMarkers: Bool = false
    ) {
      (self.label, self.points, self.ink, self.hasMarkers) = (label, points, ink, hasMarkers)
    }
  }

  /// A level that curves are compared with, such as an entropy.
  public struct Reference {
    /// What is written beside the line.
    public var label: String
    /// The level.
    public var y: Double
    /// The colour of the line and its label.
    public var ink: Ink

    /// Creates a level.
    public init(_ label: String, y: Double, ink: Ink = .floor) {
      (self.label, self.y, self.ink) = (label, y, ink)
    }
  }

  /// What the picture shows.
  public var title: String
  /// What there is to see.
  public var description: String
  /// What the horizontal axis measures, with its unit.
  public var xLabel: String
  /// What the vertical axis measures, with its unit.
  public var yLabel: String
  /// How the horizontal axis is divided.
  public var xScale: Scale
  /// How the vertical axis is divided.
  public var yScale: Scale
  /// The curves; later ones lie over earlier ones.
  public var series: [Series]
  /// The levels.
  public var references: [Reference]
  /// Numbers that the vertical axis must hold besides the data, such as zero.
  public var yIncludes: [Double]
  /// The height of the drawing; its width is 720.
  public var height: Double

  /// Creates a chart.
  public init(
    title: String, description: String, xLabel: String = "", yLabel: String = "",
    xScale: Scale = .linear, yScale: Scale = .linear, series: [Series] = [],
    references: [Reference] = [], yIncludes: [Double] = [], height: Double = 380
  ) {
    (self.title, self.description) = (title, description)
    (self.xLabel, self.yLabel, self.xScale, self.yScale) = (xLabel, yLabel, xScale, yScale)
    (self.series, self.references) = (series, references)
    (self.yIncludes, self.height) = (yIncludes, height)
  }

  /// Draws the picture as a complete SVG document.
  public func svg() -> String {
    var drawing = Drawing()
    var top = drawing.heading(title)
    top += drawing.legend(
      series.map { ($0.label, $0.ink) }, left: Drawing.margin, top: top, asLines: true)

    let plot = Plot(self, top: top)
    plot.drawAxes(on: &drawing, xLabel: xLabel, yLabel: yLabel)
    for reference in references {
      guard let y = plot.y(reference.y) else { continue }
      drawing.line(
        Point(plot.box.x, y), Point(plot.box.right, y), style: "line", ink: reference.ink,
        dashes: "6 4")
    }
    var curves: [[Point]] = []
    for series in series {
      let pieces = plot.pieces(of: series)
      curves += pieces
      draw(pieces, of: series, on: &drawing)
    }
    drawLabels(of: references, avoiding: curves, plot, on: &drawing)
    if curves.isEmpty {
      let middle = plot.box.x + plot.box.width / 2
      let y = plot.box.y + plot.box.height / 2
      drawing.text("no data", middle, y, anchor: .middle, style: "faint")
    }
    return drawing.document(title: title, description: description, height: height)
  }

  private func draw(_ pieces: [[Point]], of series: Series, on drawing: inout Drawing) {
    for piece in pieces {
      if piece.count > 1 { drawing.polyline(piece, ink: series.ink) }
      // A point with no neighbour would not be seen as a line.
      if series.hasMarkers || piece.count == 1 {
        for point in piece { drawing.dot(point, ink: series.ink) }
      }
    }
  }

  /// Writes each label above or below its line, at the end where it hides the least.
  private func drawLabels(
    of references: [Reference], avoiding curves: [[Point]], _ plot: Plot,
    on drawing: inout Drawing
  ) {
    var taken: [Box] = []
    for reference in references where !reference.label.isEmpty {
      guard let y = plot.y(reference.y) else { continue }
      let width = Drawing.width(of: reference.label)
      let lefts = [plot.box.right - width - 6, plot.box.x + 6]
      let places = [y + 3, y - 18].flatMap { top in lefts.map { Box($0, top, width, 15) } }
      let costs = places.map { place in
        let outside = place.y < plot.box.y || place.bottom > plot.box.bottom
        let hidden = curves.reduce(0) { $0 + Plot.samples(of: $1).filter(place.contains).count }
        let clashes = taken.filter(place.overlaps).count
        return (outside ? 1_000_000 : 0) + clashes * 1_000 + hidden
      }
      let best = costs.indices.min { costs[$0] < costs[$1] } ?? 0
      taken.append(places[best])
      let style = drawing.styles("halo", reference.ink)
      drawing.text(reference.label, places[best].x, places[best].y + 11, style: style)
    }
  }
}
