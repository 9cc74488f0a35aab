/// When each worker does what: a track for each worker, a piece for each piece of work.
///
/// A track is visible where nothing lies on it, so idle time is seen. A piece may have layers, one
/// above the other, for what is done at the same time; a tint tells one of two kinds from the other.
public struct TimetableChart: Figure {
  /// What is done in a piece of work.
  public struct Layer: Equatable, Sendable {
    /// What is written on it, if all layers of the chart have room for theirs.
    public var label: String
    /// What kind of work it is.
    public var ink: Ink
    /// Whether it has the lighter of the two shades of its colour.
    public var isTinted: Bool

    /// Creates a layer.
    public init(_ label: String = "", ink: Ink, isTinted: Bool = false) {
      (self.label, self.ink, self.isTinted) = (label, ink, isTinted)
    }
  }

  /// A piece of work.
  public struct Piece: Equatable, Sendable {
    /// The worker that does it.
    public var row: Int
    /// When it begins.
    public var start: Double
    /// How long it takes.
    public var duration: Double
    /// What is done, from top to bottom.
    public var layers: [Layer]

    /// Creates a piece of work with what is done in it at once.
    public init(row: Int, start: Double, duration: Double, layers: [Layer]) {
      (self.row, self.start, self.duration, self.layers) = (row, start, duration, layers)
    }

    /// When it ends.
    public var end: Double { start + duration }
  }

  /// What the picture shows.
  public var title: String
  /// What there is to see.
  public var description: String
  /// The names of the workers.
  public var rows: [String]
  /// The work.
  public var pieces: [Piece]
  /// What the colours mean: names of layers that lie upon each other.
  public var legend: [(label: String, layers: [Layer])]
  /// What the rows are.
  public var rowTitle: String
  /// What the horizontal axis measures.
  public var timeLabel: String

  /// Creates a chart; pieces outside its rows, before time zero or without duration are left out.
  public init(
    title: String, description: String, rows: [String], pieces: [Piece],
    legend: [(label: String, layers: [Layer])] = [], rowTitle: String = "",
    timeLabel: String = "time"
  ) {
    (self.title, self.description, self.rows) = (title, description, rows)
    (self.pieces, self.legend) = (pieces, legend)
    (self.rowTitle, self.timeLabel) = (rowTitle, timeLabel)
  }

  /// The pieces that have a place.
  package var placed: [Piece] {
    pieces.filter {
      rows.indices.contains($0.row) && $0.start >= 0 && $0.duration > 0 && $0.end <= 1e9
        && !$0.layers.isEmpty
    }
  }

  /// The time at which the last piece ends.
  public var end: Double { placed.map(\.end).max() ?? 0 }

  /// Draws the picture as a complete SVG document.
  public func svg() -> String {
    var drawing = Drawing()
    var top = drawing.heading(title)
    top += drawing.layers(legend, top: top)
    if !rowTitle.isEmpty {
      drawing.text(rowTitle, Drawing.margin, top + 10, style: "faint")
      top += 16
    }
    let names = min(rows.map(Drawing.width).max() ?? 0, 200)
    let left = Drawing.margin + names + 8
    let right = Drawing.width - Drawing.margin
    let tracks = Tracks(
      box: Box(left, top, right - left, Tracks.height * Double(rows.count)),
      end: end > 0 ? end : 1)
    for (row, name) in rows.enumerated() {
      let track = tracks.box(row: row, from: 0, to: tracks.end)
      drawing.text(name, left - 8, track.y + track.height / 2 + 4, anchor: .end)
      drawing.shade(track, style: "text", opacity: 0.07, rounding: 2)
    }
    let size = labelSize(on: tracks)
    for piece in placed { drawing.piece(piece, on: tracks, size: size) }
    drawTime(on: tracks, &drawing)
    return drawing.document(
      title: title, description: description, height: tracks.box.bottom + 48)
  }

  private func drawTime(on tracks: Tracks, _ drawing: inout Drawing) {
    let bottom = tracks.box.bottom
    let axis = Axis(holding: [0, tracks.end])
    // The end is what a reader looks for; a tick too near to it gives way.
    var ticks = zip(axis.ticks, axis.labels).filter { $0.0 < tracks.end }.map { ($0, $1) }
    ticks.removeAll { tracks.x(tracks.end) - tracks.x($0.0) < 30 && $0.0 > 0 }
    ticks.append((tracks.end, Digits.fixed(tracks.end, decimals: 2)))
    for (tick, label) in ticks {
      let x = tracks.x(tick)
      drawing.line(Point(x, bottom), Point(x, bottom + 4), style: "grid")
      drawing.text(label, x, bottom + 18, anchor: .middle, style: "faint")
    }
    drawing.text(timeLabel, (tracks.box.x + tracks.box.right) / 2, bottom + 36, anchor: .middle)
  }

  /// The size of letters with which all labels fit; else the smallest.
  private func labelSize(on tracks: Tracks) -> Double {
    let sizes = [10.0, 9, 8, 7]
    return sizes.first { size in
      placed.allSatisfy { piece in
        let box = tracks.inner(of: piece)
        return size + 2 <= box.height / Double(piece.layers.count)
          && piece.layers.allSatisfy { $0.fits(box.width, size: size) }
      }
    } ?? 7
  }
}

/// The tracks of a timetable on paper.
struct Tracks {
  /// Where they lie, all together.
  let box: Box
  /// The time at their right edge.
  let end: Double

  static let height = 27.0

  func x(_ time: Double) -> Double { box.x + box.width * time / end }

  func box(row: Int, from start: Double, to stop: Double) -> Box {
    Box(
      x(start), box.y + Tracks.height * Double(row) + 2, x(stop) - x(start), Tracks.height - 4)
  }

  /// The box of a piece, with a hairline left free on both sides, thinner where pieces are short.
  func inner(of piece: TimetableChart.Piece) -> Box {
    let whole = box(row: piece.row, from: piece.start, to: piece.end)
    let inset = min(0.75, whole.width / 40)
    return Box(whole.x + inset, whole.y, whole.width - 2 * inset, whole.height)
  }
}

extension TimetableChart.Layer {
  /// Whether its label fits; a digit is 0.56 of the size wide, and the estimate is for a size of 12.
  func fits(_ width: Double, size: Double) -> Bool {
    let isNumber = label.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
    let estimate =
      isNumber ? Double(label.count) * size * 0.56 : Drawing.width(of: label) * size / 12
    return estimate <= width
  }
}

extension Drawing {
  fileprivate mutating func piece(
    _ piece: TimetableChart.Piece, on tracks: Tracks, size: Double
  ) {
    let box = tracks.inner(of: piece)
    let height = box.height / Double(piece.layers.count)
    for (index, layer) in piece.layers.enumerated() {
      let part = Box(box.x, box.y + height * Double(index), box.width, height)
      fill(part, layer)
      guard !layer.label.isEmpty, layer.fits(part.width, size: size) else { continue }
      label(
        layer.label, part.x + part.width / 2, part.y + part.height / 2 + size * 0.36,
        size: size,
        style: layer.isTinted ? "text" : "onink")
    }
  }

  private mutating func fill(_ part: Box, _ layer: TimetableChart.Layer) {
    let rounding = min(2, part.width / 6)
    if layer.isTinted {
      shade(part, style: styles("area", layer.ink), opacity: 0.34, rounding: rounding)
    } else {
      box(part, ink: layer.ink, rounding: rounding)
    }
  }

  /// Draws a box through which what lies below is seen.
  fileprivate mutating func shade(
    _ box: Box, style: String, opacity: Double, rounding: Double
  ) {
    add(
      "<rect class=\"\(style == "text" ? "area text" : style)\" x=\"\(n(box.x))\" "
        + "y=\"\(n(box.y))\" width=\"\(n(box.width))\" height=\"\(n(box.height))\" "
        + "rx=\"\(n(rounding))\" fill-opacity=\"\(n(opacity))\"/>")
  }

  private mutating func label(
    _ text: String, _ x: Double, _ y: Double, size: Double, style: String
  ) {
    add(
      "<text class=\"\(style)\" x=\"\(n(x))\" y=\"\(n(y))\" text-anchor=\"middle\" "
        + "style=\"font-size:\(n(size))px\">\(Drawing.escaped(text))</text>")
  }

  /// Draws samples of layers with their meaning, and returns the height that they take.
  fileprivate mutating func layers(
    _ entries: [(label: String, layers: [TimetableChart.Layer])], top: Double
  ) -> Double {
    let left = Drawing.margin
    var (x, y) = (left, top)
    for entry in entries where !entry.label.isEmpty {
      let width = 24 + Drawing.width(of: entry.label)
      if x > left, x + width > Drawing.width - Drawing.margin { (x, y) = (left, y + 18) }
      let height = 12 / Double(max(entry.layers.count, 1))
      for (index, layer) in entry.layers.enumerated() {
        fill(Box(x + 2, y + height * Double(index), 16, height), layer)
      }
      text(entry.label, x + 24, y + 10)
      x += width + 14
    }
    return x > left ? y + 24 - top : 0
  }
}
