/// A point of a drawing; y grows downwards.
package struct Point: Equatable {
  package var x: Double
  package var y: Double

  package init(_ x: Double, _ y: Double) { (self.x, self.y) = (x, y) }
}

/// A rectangle of a drawing.
package struct Box: Equatable {
  package var x: Double
  package var y: Double
  package var width: Double
  package var height: Double

  package var right: Double { x + width }
  package var bottom: Double { y + height }

  package init(_ x: Double, _ y: Double, _ width: Double, _ height: Double) {
    (self.x, self.y, self.width, self.height) = (x, y, width, height)
  }

  package func overlaps(_ other: Box) -> Bool {
    x < other.right && other.x < right && y < other.bottom && other.y < bottom
  }

  package func contains(_ point: Point) -> Bool {
    point.x >= x && point.x <= right && point.y >= y && point.y <= bottom
  }
}

/// Where a text stands relative to its point.
enum Anchor: String { case start, middle, end }

/// The elements of an SVG document as they are drawn, and the style that they need.
struct Drawing {
  static let width = 720.0
  static let margin = 16.0

  private var elements: [String] = []
  private var inks: [Ink] = []

  /// Paper, text, quieter text and grid lines, on white and on dark.
  static let paper: (light: Colour, dark: Colour) = (0xffffff, 0x0d1117)
  static let text: (light: Colour, dark: Colour) = (0x1f2328, 0xe6edf3)
  static let faint: (light: Colour, dark: Colour) = (0x59636e, 0x9198a1)
  static let grid: (light: Colour, dark: Colour) = (0xdde2e8, 0x2b323b)

  mutating func add(_ element: String) { elements.append(element) }

  mutating func text(
    _ text: String, _ x: Double, _ y: Double, anchor: Anchor = .start, style: String = "text",
    turned degrees: Double = 0
  ) {
    let turn = degrees == 0 ? "" : " transform=\"rotate(\(n(degrees)) \(n(x)) \(n(y)))\""
    let place = anchor == .start ? "" : " text-anchor=\"\(anchor.rawValue)\""
    add(
      "<text class=\"\(style)\" x=\"\(n(x))\" y=\"\(n(y))\"\(place)\(turn)>"
        + "\(Drawing.escaped(text))</text>")
  }

  mutating func line(
    _ from: Point, _ to: Point, style: String, ink: Ink? = nil, dashes: String? = nil
  ) {
    let dashes = (dashes ?? ink?.dashes).map { " stroke-dasharray=\"\($0)\"" } ?? ""
    add(
      "<path class=\"\(styles(style, ink))\" d=\"M\(n(from.x)) \(n(from.y))"
        + "L\(n(to.x)) \(n(to.y))\"\(dashes)/>")
  }

  mutating func polyline(_ points: [Point], ink: Ink) {
    let path = points.map { "\(n($0.x)) \(n($0.y))" }.joined(separator: "L")
    let dashes = ink.dashes.map { " stroke-dasharray=\"\($0)\"" } ?? ""
    add("<path class=\"\(styles("line", ink))\" d=\"M\(path)\"\(dashes)/>")
  }

  mutating func dot(_ centre: Point, ink: Ink) {
    add(
      "<circle class=\"\(styles("area", ink))\" cx=\"\(n(centre.x))\" cy=\"\(n(centre.y))\" r=\"3\"/>"
    )
  }

  mutating func box(_ box: Box, ink: Ink, rounding: Double = 0) {
    let corner = rounding == 0 ? "" : " rx=\"\(n(rounding))\""
    add(
      "<rect class=\"\(styles("area", ink))\" x=\"\(n(box.x))\" y=\"\(n(box.y))\" "
        + "width=\"\(n(box.width))\" height=\"\(n(box.height))\"\(corner)/>")
  }

  /// Puts the title at the top and returns the height that it takes.
  mutating func heading(_ title: String) -> Double {
    guard !title.isEmpty else { return Drawing.margin }
    text(title, Drawing.margin, 26, style: "title")
    return 40
  }

  /// Draws samples of colours with their meaning, in as many rows as needed, and returns the
  /// height that they take.
  mutating func legend(
    _ entries: [(label: String, ink: Ink)], left: Double, top: Double, asLines: Bool
  ) -> Double {
    var (x, y) = (left, top)
    for entry in entries where !entry.label.isEmpty {
      let width = 24 + Drawing.width(of: entry.label)
      if x > left, x + width > Drawing.width - Drawing.margin { (x, y) = (left, y + 18) }
      if asLines {
        line(Point(x, y + 6), Point(x + 18, y + 6), style: "line", ink: entry.ink)
      } else {
        box(Box(x + 4, y, 12, 12), ink: entry.ink, rounding: 2)
      }
      text(entry.label, x + 24, y + 10)
      x += width + 16
    }
    return x > left ? y + 24 - top : 0
  }

  /// Returns the document.
  func document(title: String, description: String, height: Double) -> String {
    let size = "\(n(Drawing.width)) \(n(height))"
    let head = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(n(Drawing.width))\" "
        + "height=\"\(n(height))\" viewBox=\"0 0 \(size)\" role=\"img\" "
        + "aria-labelledby=\"title description\">",
      "<title id=\"title\">\(Drawing.escaped(title))</title>",
      "<desc id=\"description\">\(Drawing.escaped(description))</desc>",
      "<style>\n\(style)</style>",
      "<rect class=\"paper\" width=\"\(n(Drawing.width))\" height=\"\(n(height))\" rx=\"6\"/>",
    ]
    return (head + elements + ["</svg>"]).joined(separator: "\n") + "\n"
  }

  /// Only the paper has its own colour in both themes, so a page of either sort shows it well.
  private var style: String {
    var classes: [(name: String, shades: (light: Colour, dark: Colour))] = [
      ("text", Drawing.text), ("title", Drawing.text), ("faint", Drawing.faint),
      ("grid", Drawing.grid), ("onink", Drawing.paper), ("paper", Drawing.paper),
    ]
    classes += inks.map { ($0.name, $0.shades) }
    let light = classes.map { ".\($0.name){color:\($0.shades.light.text)}\n" }.joined()
    let dark = classes.map { ".\($0.name){color:\($0.shades.dark.text)}\n" }.joined()
    return """
      text{font:12px system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;fill:currentColor}
      .title{font-size:14px;font-weight:600}
      .small,.onink{font-size:10px}
      .halo{paint-order:stroke;stroke:\(Drawing.paper.light.text);stroke-width:4px}
      .paper,.area{fill:currentColor}
      .line{fill:none;stroke:currentColor;stroke-width:2;stroke-linejoin:round}
      .grid{fill:none;stroke:currentColor;stroke-width:1}
      \(light)@media (prefers-color-scheme:dark){
      .halo{stroke:\(Drawing.paper.dark.text)}
      \(dark)}

      """
  }

  /// Returns the classes of an element, and remembers its ink for the style sheet.
  mutating func styles(_ style: String, _ ink: Ink?) -> String {
    guard let ink else { return style }
    if !inks.contains(where: { $0.name == ink.name }) { inks.append(ink) }
    return "\(style) \(ink.name)"
  }

  /// Estimates how wide a text is; fonts differ, so it errs on the wide side.
  static func width(of text: String) -> Double {
    text.unicodeScalars.reduce(0) { width, scalar in
      switch scalar {
      case "i", "j", "l", ".", ",", ":", ";", "|", "!", "'", "(", ")", "[", "]", " ", "/", "-":
        width + 4.6
      case "m", "w", "M", "W", "@", "%": width + 11
      case "A"..."Z": width + 8.6
      case "\u{1100}"...: scalar.value < 0x2E80 ? width + 8 : width + 13
      default: width + 7.4
      }
    }
  }

  /// Replaces what XML reserves; characters that XML forbids become a mark.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\u{9}", "\u{A}", "\u{D}": result += " "
      case "\u{0}"..<"\u{20}", "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

/// Writes a coordinate.
func n(_ value: Double) -> String { Digits.coordinate(value) }
