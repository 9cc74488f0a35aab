import Figures
import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct `Every figure` {
  @Test(arguments: SampleFigure.usual + SampleFigure.degenerate)
  func `is well-formed, titled and described`(sample: SampleFigure) throws {
    let figure = sample.make()
    let text = figure.svg()
    let found = try elements(of: text)
    #expect(found.first?.name == "svg")
    #expect(found.contains { $0.name == "title" })
    #expect(found.contains { $0.name == "desc" })
    #expect(text.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"720\" "))
    #expect(!text.contains("nan") && !text.contains("inf"))
    Attachment.record(text, named: "\(sample).svg")
  }

  @Test(arguments: SampleFigure.usual)
  func `has the same bytes when it is drawn again`(sample: SampleFigure) {
    #expect(sample.make().svg() == sample.make().svg())
  }

  @Test(arguments: SampleFigure.usual + SampleFigure.degenerate)
  func `writes coordinates with at most three decimals`(sample: SampleFigure) throws {
    for element in try elements(of: sample.make().svg()) {
      for (name, value) in element.attributes {
        #expect(value.firstMatch(of: /[0-9]\.[0-9]{4}/) == nil, "\(name)")
        #expect(value.utf8.allSatisfy { $0 < 128 }, "\(name)")
      }
    }
  }

  @Test(arguments: SampleFigure.usual + SampleFigure.degenerate)
  func `keeps its texts and boxes inside the drawing`(sample: SampleFigure) throws {
    let found = try elements(of: sample.make().svg())
    let height = try #require(found.first?.number("height"))
    for element in found where ["text", "rect", "circle"].contains(element.name) {
      let x = element.number("x") ?? element.number("cx") ?? 0
      let y = element.number("y") ?? element.number("cy") ?? 0
      #expect(x >= 0 && x + (element.number("width") ?? 0) <= 720.001)
      #expect(y >= 0 && y + (element.number("height") ?? 0) <= height + 0.001)
    }
  }

  @Test func `escapes what XML reserves`() throws {
    let chart = LineChart(title: "a < b & \"c\"", description: "x > y")
    #expect(chart.svg().contains(">a &lt; b &amp; &quot;c&quot;</title>"))
    #expect(chart.svg().contains(">x &gt; y</desc>"))
  }

  @Test func `has texts in its legend that do not overlap`() throws {
    let texts = try elements(of: SampleFigure.manySeries.svg())
      .filter { $0.name == "text" && $0.attributes["class"] == "text" }
      .compactMap { element -> Box? in
        guard let x = element.number("x"), let y = element.number("y") else { return nil }
        return Box(x, y - 10, 90, 13)
      }
    #expect(texts.count >= 14)
    for (index, box) in texts.enumerated() {
      #expect(!texts[..<index].contains(where: box.overlaps))
    }
  }

  @Test func `is held by its bytes`() {
    let grid = StepGrid(
      title: "One step", description: "A block.", rows: ["0"],
      blocks: [.init(row: 0, start: 0, label: "F0", ink: .query)])
    let expected = """
      <svg xmlns="http://www.w3.org/2000/svg" width="720" height="114" viewBox="0 0 720 114" \
      role="img" aria-labelledby="title description">
      <title id="title">One step</title>
      <desc id="description">A block.</desc>
      <style>
      text{font:12px system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;fill:currentColor}
      .title{font-size:14px;font-weight:600}
      .small,.onink{font-size:10px}
      .halo{paint-order:stroke;stroke:#ffffff;stroke-width:4px}
      .paper,.area{fill:currentColor}
      .line{fill:none;stroke:currentColor;stroke-width:2;stroke-linejoin:round}
      .grid{fill:none;stroke:currentColor;stroke-width:1}
      .text{color:#1f2328}
      .title{color:#1f2328}
      .faint{color:#59636e}
      .grid{color:#dde2e8}
      .onink{color:#ffffff}
      .paper{color:#ffffff}
      .query{color:#1d5fd6}
      @media (prefers-color-scheme:dark){
      .halo{stroke:#0d1117}
      .text{color:#e6edf3}
      .title{color:#e6edf3}
      .faint{color:#9198a1}
      .grid{color:#2b323b}
      .onink{color:#0d1117}
      .paper{color:#0d1117}
      .query{color:#6cb0ff}
      }
      </style>
      <rect class="paper" width="720" height="114" rx="6"/>
      <text class="title" x="16" y="26">One step</text>
      <text class="text" x="23.4" y="57" text-anchor="end">0</text>
      <path class="grid" d="M33.4 53L77.4 53"/>
      <rect class="area query" x="34.4" y="42" width="42" height="22" rx="3"/>
      <text class="onink" x="55.4" y="56.5" text-anchor="middle">F0</text>
      <text class="faint" x="33.4" y="84" text-anchor="middle">0</text>
      <text class="faint" x="77.4" y="84" text-anchor="middle">1</text>
      <text class="text" x="55.4" y="102" text-anchor="middle">time</text>
      </svg>

      """
    #expect(grid.svg() == expected)
  }
}

@Suite struct `An ink` {
  private let all: [Ink] =
    [
      .query, .key, .value, .latent, .router, .expert, .gradient, .inputHalf, .weightHalf,
      .ours, .peer, .floor, .neutral,
    ]
    + (-2..<8).map(Ink.series)

  @Test func `stands out from white and from dark paper`() {
    for ink in all {
      #expect(ink.shades.light.contrast(with: 0xffffff) >= 4.5, "\(ink)")
      #expect(ink.shades.dark.contrast(with: 0x0d1117) >= 4.5, "\(ink)")
    }
  }

  @Test func `differs from every other that has a meaning`() {
    let meanings = all.prefix(13)
    #expect(Set(meanings.map(\.shades.light.text)).count == 13)
    #expect(Set(meanings.map(\.shades.dark.text)).count == 13)
  }

  @Test func `measures contrast as the guidelines do`() {
    let black: Colour = 0x000000
    #expect(black.contrast(with: 0xffffff) == 21)
    // #777777 on white is the well-known near miss: 4.48.
    #expect(abs(Colour(integerLiteral: 0x777777).contrast(with: 0xffffff) - 4.48) < 0.05)
  }
}

@Suite struct `A palette` {
  @Test func `only gets brighter when it is sequential`() {
    let lights = (0...63).map { Palette.sequential.colour(Double($0) / 63).luminance }
    for (darker, lighter) in zip(lights, lights.dropFirst()) { #expect(darker < lighter) }
  }

  @Test func `gets brighter to the middle and darker after it when it diverges`() {
    let lights = (0...64).map { Palette.diverging.colour(Double($0) / 64).luminance }
    for index in 0..<32 {
      #expect(lights[index] < lights[index + 1])
      #expect(lights[64 - index] < lights[63 - index])
    }
    #expect(Palette.diverging.colour(0.5).text == "#f7f7f7")
  }
}

/// The elements of an XML document, in order.
struct Element {
  let name: String
  let attributes: [String: String]
  func number(_ name: String) -> Double? { attributes[name].flatMap { Double($0) } }
}

/// Parses a document, or throws the parser's error.
func elements(of text: String) throws -> [Element] {
  final class Collector: NSObject, XMLParserDelegate {
    var elements: [Element] = []
    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
      qualifiedName: String?, attributes: [String: String]
    ) {
      elements.append(Element(name: name, attributes: attributes))
    }
  }
  let collector = Collector()
  let parser = XMLParser(data: Data(text.utf8))
  parser.delegate = collector
  guard parser.parse() else { throw parser.parserError ?? CocoaError(.coderReadCorrupt) }
  return collector.elements
}
