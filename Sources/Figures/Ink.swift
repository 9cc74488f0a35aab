/// The colours of the book: a thing has the same colour in every chapter.
///
/// Each colour has a dark shade for white paper and a light one for dark screens; both stand out
/// from their paper by a contrast of at least 4.5 to 1.
public enum Ink: Hashable, Sendable {
  /// Queries, and the work of the forward pass.
  case query
  /// Keys.
  case key
  /// Values.
  case value
  /// The compressed vector from which keys and values are made.
  case latent
  /// The router: affinities, gates, biases, load.
  case router
  /// Experts.
  case expert
  /// Gradients, and the work of the backward pass.
  case gradient
  /// The half of a backward pass that makes the gradient of the input.
  case inputHalf
  /// The half of a backward pass that makes the gradient of the weights.
  case weightHalf
  /// What this book's code did.
  case ours
  /// What was measured of others, or published by them.
  case peer
  /// A bound that nothing can pass, such as an entropy.
  case floor
  /// What serves for comparison only.
  case neutral
  /// One of several curves that have no colour of their own; a chart that uses these uses no other.
  case series(Int)

  /// The shades on white and on dark paper.
  package var shades: (light: Colour, dark: Colour) {
    switch self {
    case .query: (0x1d5fd6, 0x6cb0ff)
    case .key: (0xb4500b, 0xffa657)
    case .value: (0x1a7f37, 0x56d364)
    case .latent: (0x7a3be0, 0xbc9bff)
    case .router: (0x8a6100, 0xe3b341)
    case .expert: (0x0b7285, 0x39c5cf)
    case .gradient: (0xcf222e, 0xff7b72)
    case .inputHalf: (0xa626a4, 0xe29ae8)
    case .weightHalf: (0x3f5c10, 0xb7d968)
    case .ours: (0xbf3989, 0xf778ba)
    case .peer: (0x57606a, 0xafb8c1)
    case .floor: (0x7d4e2d, 0xd4a27f)
    case .neutral: (0x6e7781, 0x8c959f)
    case .series(let index): Ink.cycle[Ink.remainder(index)].shades
    }
  }

  /// The name of the style class.
  var name: String {
    switch self {
    case .query: "query"
    case .key: "key"
    case .value: "value"
    case .latent: "latent"
    case .router: "router"
    case .expert: "expert"
    case .gradient: "gradient"
    case .inputHalf: "inputs"
    case .weightHalf: "weights"
    case .ours: "ours"
    case .peer: "peer"
    case .floor: "floor"
    case .neutral: "neutral"
    case .series(let index): "series\(Ink.remainder(index))"
    }
  }

  /// The dashes of a line; series have some when the colours come round again.
  var dashes: String? {
    switch self {
    case .series(let index) where index >= Ink.cycle.count: index >= 12 ? "2 3" : "8 3"
    default: nil
    }
  }

  private static let cycle: [Ink] = [.query, .key, .value, .latent, .gradient, .expert]

  private static func remainder(_ index: Int) -> Int {
    let rest = index % cycle.count
    return rest < 0 ? rest + cycle.count : rest
  }
}

/// A colour of a screen: red, green and blue, a byte each.
package struct Colour: Equatable, Sendable, ExpressibleByIntegerLiteral {
  /// The colour as in `#rrggbb`.
  let code: Int

  package init(integerLiteral code: Int) { self.code = code }

  init(red: Double, green: Double, blue: Double) {
    let bytes = [red, green, blue].map { Int(min(max($0, 0), 255).rounded()) }
    code = bytes[0] << 16 | bytes[1] << 8 | bytes[2]
  }

  /// Red, green and blue from 0 to 255.
  var channels: [Double] { [16, 8, 0].map { Double(code >> $0 & 255) } }

  /// The colour as a style sheet writes it.
  package var text: String {
    let digits = String(code, radix: 16)
    return "#" + String(repeating: "0", count: 6 - digits.count) + digits
  }

  /// The brightness that an eye sees, from 0 for black to 1 for white.
  ///
  /// The relative luminance of the Web Content Accessibility Guidelines; the exponent 2.4 is
  /// replaced by a polynomial, so that no library function decides the last digit.
  package var luminance: Double {
    let linear = channels.map { channel -> Double in
      let value = channel / 255
      return value * (value * (value * 0.305306011 + 0.682171111) + 0.012522878)
    }
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
  }

  /// The contrast of two colours, from 1 for equal ones to 21 for black on white.
  package func contrast(with other: Colour) -> Double {
    let (one, two) = (luminance + 0.05, other.luminance + 0.05)
    return max(one, two) / min(one, two)
  }
}
