import Tensors

/// How ranks are wired: nodes of several ranks, with fast links inside and slower ones between.
///
/// Between nodes only ranks of the same place are connected, as graphics processors with a
/// network card each are: rank (m, i) hears from (n, i) and from the ranks of its own node.
public struct Fabric: Sendable, Equatable {
  /// The number of nodes.
  public let nodes: Int
  /// The number of ranks in a node.
  public let ranksPerNode: Int

  /// Describes a fabric.
  public init(nodes: Int, ranksPerNode: Int) {
    insist(
      nodes > 0 && ranksPerNode > 0, "Fabric: \(nodes) nodes of \(ranksPerNode) ranks")
    (self.nodes, self.ranksPerNode) = (nodes, ranksPerNode)
  }

  /// The 64 ranks over which V3 spread its experts in training: V3 §3.2.
  public static let v3 = Fabric(nodes: 8, ranksPerNode: 8)

  /// The number of ranks.
  public var ranks: Int { nodes * ranksPerNode }
  /// The node of a rank.
  public func node(of rank: Int) -> Int { rank / ranksPerNode }
  /// The place of a rank in its node.
  public func place(of rank: Int) -> Int { rank % ranksPerNode }
  /// The rank at a place of a node.
  public func rank(node: Int, place: Int) -> Int { node * ranksPerNode + place }
  /// Whether two ranks are in one node.
  public func areNeighbours(_ a: Int, _ b: Int) -> Bool { node(of: a) == node(of: b) }
}

/// How fast the links of a fabric are, in bytes a second.
public struct LinkSpeeds: Sendable, Equatable {
  /// From a rank to the others of its node.
  public let inside: Double
  /// From a rank to other nodes.
  public let between: Double

  /// Describes links.
  public init(inside: Double, between: Double) {
    (self.inside, self.between) = (inside, between)
  }

  /// H800: about 160 GB/s of NVLink, 50 GB/s of InfiniBand (V3 §3.2.2).
  public static let h800 = LinkSpeeds(inside: 160e9, between: 50e9)

  /// The copies that a node hands out while one arrives: 3.2 for H800.
  public var copiesPerArrival: Double { inside / between }

  /// The experts that a token can use at the cost of visiting some nodes.
  ///
  /// 4 · 3.2 = 12.8, which V3 (§3.2.2) calls 13; it uses 8.
  public func expertsForFree(nodes: Int) -> Double { Double(nodes) * copiesPerArrival }
}
