/// A row of the hardware paper's table 3: what a network of switches with 64 ports can join, and
/// what it costs.
public struct TopologyRow: Sendable {
  /// The network.
  public let name: String
  /// What is printed: cards, switches, links between switches, and millions of dollars.
  public let printed: (endpoints: Int, switches: Int, links: Int, cost: Double)
  /// Thousands of dollars for each card, as printed.
  public let costPerEndpoint: Double
  /// What follows from the network's construction.
  public let counted: (endpoints: Int, switches: Int, links: Int)

  /// Thousands of dollars for each card that follow from the cost.
  ///
  /// The costs come from another paper's prices of cables by length. No price for a switch and for
  /// a link meets all five rows, so they are quoted.
  public var recomputedCost: Double { printed.cost * 1e3 / Double(printed.endpoints) }

  /// Table 3 of the hardware paper.
  public static let published = [
    TopologyRow(
      name: "fat tree, two layers", printed: (2048, 96, 2048, 9), costPerEndpoint: 4.39,
      counted: fatTree(k: 64)),
    TopologyRow(
      name: "multi-plane fat tree", printed: (16_384, 768, 16_384, 72), costPerEndpoint: 4.39,
      counted: times(8, fatTree(k: 64))),
    TopologyRow(
      name: "fat tree, three layers", printed: (65_536, 5120, 131_072, 491),
      costPerEndpoint: 7.5, counted: fatTreeOfThree(k: 64)),
    TopologyRow(
      name: "Slim Fly", printed: (32_928, 1568, 32_928, 146), costPerEndpoint: 4.4,
      counted: slimFly(q: 28)),
    TopologyRow(
      name: "Dragonfly", printed: (261_632, 16_352, 384_272, 1522), costPerEndpoint: 5.8,
      counted: dragonfly(p: 16, a: 32, h: 16, groups: 511)),
  ]

  /// k²/2 cards, 3k/2 switches, k²/2 links.
  public static func fatTree(k: Int) -> (endpoints: Int, switches: Int, links: Int) {
    (k * k / 2, 3 * k / 2, k * k / 2)
  }

  /// k³/4 cards, 5k²/4 switches, k³/2 links.
  public static func fatTreeOfThree(k: Int) -> (endpoints: Int, switches: Int, links: Int) {
    (k * k * k / 4, 5 * k * k / 4, k * k * k / 2)
  }

  /// 2q² switches of 3q/2 links each, and half as many cards on a switch.
  ///
  /// (3q − δ)/2 links for q = 4w + δ. The table's q = 28 is no power of a prime, so its network is
  /// a size and not a graph.
  public static func slimFly(q: Int) -> (endpoints: Int, switches: Int, links: Int) {
    let remainder = q % 4
    let radix = (3 * q - (remainder == 3 ? -1 : remainder)) / 2
    return (2 * q * q * ((radix + 1) / 2), 2 * q * q, q * q * radix)
  }

  /// g groups of a switches with p cards, a − 1 links inside and h to other groups each.
  public static func dragonfly(
    p: Int, a: Int, h: Int, groups: Int
  ) -> (endpoints: Int, switches: Int, links: Int) {
    (p * a * groups, a * groups, groups * (a * (a - 1) / 2 + a * h / 2))
  }

  private static func times(
    _ factor: Int, _ counts: (endpoints: Int, switches: Int, links: Int)
  ) -> (endpoints: Int, switches: Int, links: Int) {
    (factor * counts.endpoints, factor * counts.switches, factor * counts.links)
  }
}

/// The hardware paper's table 5: how long 64 bytes take from one card's processor to another's, in
/// microseconds.
public enum PublishedDelay {
  /// Ethernet that carries remote memory accesses: under one leaf, and over a spine.
  public static let ethernet = (near: 3.6, far: 5.6)
  /// InfiniBand.
  public static let infiniBand = (near: 2.8, far: 3.7)
  /// Inside of a node.
  public static let inside = 3.33
}
