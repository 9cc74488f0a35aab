import Figures
import Testing

@Suite struct `A timetable` {
  private let chart = SampleFigure.timetable

  @Test func `has a box for every layer, as long as the work takes`() throws {
    let boxes = try elements(of: chart.svg()).filter {
      $0.name == "rect" && $0.attributes["class"]?.hasPrefix("area") == true
    }
    // Three in the legend, two tracks, and eight layers of seven pieces.
    #expect(boxes.count == 3 + 2 + 8)
    let widths = boxes.compactMap { $0.number("width") }
    let track = widths[3]
    let pair = boxes.suffix(8).first { ($0.number("height") ?? 0) < 12 }
    #expect(abs((pair?.number("width") ?? 0) - track / 2) < 2)
    let heights = boxes.suffix(8).compactMap { $0.number("height") }
    #expect(heights.filter { $0 == heights[0] / 2 }.count == 2)
  }

  @Test func `tells the two kinds of a colour apart by a tint`() throws {
    let forward = try elements(of: chart.svg()).filter {
      $0.name == "rect" && $0.attributes["class"] == "area query"
    }
    #expect(forward.filter { $0.attributes["fill-opacity"] == "0.34" }.count == 3)
    #expect(forward.filter { $0.attributes["fill-opacity"] == nil }.count == 4)
  }

  @Test func `writes every label of eight ranks and 66 units, none wider than its box`() throws
  {
    let pieces = (0..<8).flatMap { row in
      (0..<66).map { place in
        TimetableChart.Piece(
          row: row, start: Double(place), duration: 1,
          layers: [.init("\(place % 20)", ink: .query, isTinted: place % 2 == 1)])
      }
    }
    let large = TimetableChart(
      title: "t", description: "d", rows: (0..<8).map(String.init), pieces: pieces,
      rowTitle: "rank")
    let found = try elements(of: large.svg())
    let labels = found.filter { $0.name == "text" && $0.attributes["style"] != nil }
    #expect(labels.count == 8 * 66)
    let box = try #require(found.last { $0.name == "rect" }?.number("width"))
    #expect(box >= 2 * 0.56 * 8)
    #expect(labels.allSatisfy { $0.attributes["style"] == "font-size:8px" })
  }
}
