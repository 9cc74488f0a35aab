/// The bytes that one token's way to its experts and back puts on its card's link to the network,
/// and what a future network would change.
///
/// With an even load a card receives as much for others as others do for it, so the link carries in
/// each direction what one token needs, times the card's tokens. Dispatch and combine go on at once,
/// as DualPipe has them. Hardware paper §4.3, §6.3 and §6.5.
public struct ExchangeModel: Sendable, Equatable {
  /// The other nodes that an average token visits: at most 4 for V3, and its own may be one.
  public var nodes: Double
  /// The experts that a token visits.
  public var experts: Double = 8
  /// Bytes of a row on the way out: 7168 in eight bits with 56 scales.
  public var dispatch: Double = 7392
  /// Bytes of a row on the way back, in sixteen bits.
  public var combine: Double = 14_336
  /// Bytes a second in each direction.
  public var speed: Double
  /// Whether a row crosses to a node once, or once for each of its experts.
  public var countsNodes = true
  /// Whether switches copy a row on its way: in-network multicast.
  public var multicasts = false
  /// Whether switches add rows on their way: in-network reduction.
  public var reduces = false
  /// The share of bytes that are sent again because links lose some.
  public var lost: Double = 0
  /// The multiprocessors that are busy moving rows, of 132.
  public var movers: Double = 20

  /// Describes an exchange; V3's is that of 50 GB/s, 20 multiprocessors and four nodes.
  public init(nodes: Double = 4, speed: Double = 50e9) {
    (self.nodes, self.speed) = (nodes, speed)
  }

  private var copies: Double { countsNodes ? nodes : experts }

  /// Bytes that a token's card sends.
  ///
  /// A switch that copies takes one row instead of one for each node.
  public var sent: Double {
    ((multicasts ? 1 : copies) * dispatch + copies * combine) / (1 - lost)
  }

  /// Bytes that it receives.
  ///
  /// A switch that adds hands over one sum instead of one from each node.
  public var received: Double {
    (copies * dispatch + (reduces ? 1 : copies) * combine) / (1 - lost)
  }

  /// Seconds of the link for each token: both directions at once, so the fuller one counts.
  public var seconds: Double { max(sent, received) / speed }

  /// The share of the card that is left to compute with.
  public var computing: Double { 1 - movers / 132 }
}
