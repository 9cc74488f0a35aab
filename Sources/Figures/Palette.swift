/// The colours of a heat map, in an order that eyes agree on.
public enum Palette: Sendable {
  /// From dark violet for little to yellow for much; brightness only rises.
  case sequential
  /// Blue below, nearly white at the middle, red above.
  case diverging

  /// How many colours a map uses: more than an eye tells apart.
  static let levels = 64

  /// Returns the colour of a share from 0 to 1.
  package func colour(_ share: Double) -> Colour {
    let stops = stops
    let place = min(max(share, 0), 1) * Double(stops.count - 1)
    let index = min(Int(place), stops.count - 2)
    let weight = place - Double(index)
    let mixed = zip(stops[index].channels, stops[index + 1].channels).map {
      $0 + weight * ($1 - $0)
    }
    return Colour(red: mixed[0], green: mixed[1], blue: mixed[2])
  }

  /// Eleven points of viridis (van der Walt and Smith, 2015), and of a blue to red scale.
  private var stops: [Colour] {
    switch self {
    case .sequential:
      [
        0x440154, 0x482475, 0x414487, 0x355f8d, 0x2a788e, 0x21918c, 0x22a884, 0x44bf70,
        0x7ad151, 0xbddf26, 0xfde725,
      ]
    case .diverging:
      [
        0x053061, 0x2166ac, 0x4393c3, 0x92c5de, 0xd1e5f0, 0xf7f7f7, 0xfddbc7, 0xf4a582,
        0xd6604d, 0xb2182b, 0x67001f,
      ]
    }
  }
}
