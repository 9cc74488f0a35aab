/// DeepEP's published times of its low-latency kernels, and the bandwidths printed beside them.
///
/// 128 tokens of width 7 168 a rank, 8 experts a token, on H800 with 400 Gbit/s; the first
/// release's README. A dispatched row has 16 bytes of header before its codes and scales.
public struct PublishedLatency: Sendable {
  /// The ranks over which the experts are spread.
  public let ranks: Int
  /// Microseconds and GB/s of a dispatch.
  public let dispatch: (microseconds: Double, gigabytesPerSecond: Double)
  /// Microseconds and GB/s of a combine.
  public let combine: (microseconds: Double, gigabytesPerSecond: Double)

  /// The bytes of one dispatched row: 16 + 7 168 + 4 · 56.
  public static let dispatchRow = 16 + RowFormat.eightBit.bytes(width: 7168)
  /// The bytes of one combined row: 2 · 7 168.
  public static let combineRow = RowFormat.brain.bytes(width: 7168)
  /// The rows of one rank: 128 tokens, 8 experts each.
  public static let rows = 128 * 8

  /// The bandwidth that follows from bytes and time, in GB/s.
  public var recomputed: (dispatch: Double, combine: Double) {
    func bandwidth(_ row: Int, _ microseconds: Double) -> Double {
      Double(Self.rows * row) / (microseconds * 1e3)
    }
    return (
      bandwidth(Self.dispatchRow, dispatch.microseconds),
      bandwidth(Self.combineRow, combine.microseconds)
    )
  }

  /// The table of February 2025.
  public static let firstRelease = [
    row(8, (163, 46), (318, 46)), row(16, (173, 43), (329, 44)), row(32, (182, 41), (350, 41)),
    row(64, (186, 40), (353, 41)), row(128, (192, 39), (369, 39)),
    row(256, (194, 39), (360, 40)),
  ]

  /// The table of later releases.
  public static let laterRelease = [
    row(8, (77, 98), (114, 127)), row(16, (118, 63), (195, 74)), row(32, (155, 48), (273, 53)),
    row(64, (173, 43), (314, 46)), row(128, (192, 39), (369, 39)),
    row(256, (194, 39), (360, 40)),
  ]

  private static func row(
    _ ranks: Int, _ dispatch: (Double, Double), _ combine: (Double, Double)
  ) -> PublishedLatency {
    PublishedLatency(
      ranks: ranks, dispatch: (dispatch.0, dispatch.1), combine: (combine.0, combine.1))
  }

}
