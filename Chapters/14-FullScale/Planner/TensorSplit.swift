/// What tensor parallelism would cost: the sums of rows that cards of a node must exchange.
///
/// Split over n cards, each layer adds up its rows twice forward and twice backward. An all-reduce
/// sends 2 (n − 1) / n of them from every card. V3 does without it; hardware paper §4.3.
public struct TensorSplit: Sendable, Equatable {
  /// The cards over which a layer is split.
  public var cards = 8
  /// The tokens of a micro-batch.
  public var tokens = 4096
  /// The width of a row.
  public var width = 7168
  /// Bytes of a number.
  public var bytes = 2

  /// Describes a split; that of a V3 layer over one node.
  public init() {}

  /// Bytes that each card sends in a layer's forward pass.
  public var sent: Double {
    2 * 2 * Double(cards - 1) / Double(cards) * Double(tokens * width * bytes)
  }

  /// Seconds of a layer's forward pass that go to it, on links of some speed.
  public func seconds(speed: Double) -> Double { sent / speed }
}
