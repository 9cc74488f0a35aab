import Tensors

extension NetworkGraph {
  /// A fat tree of two layers: every leaf has as many cards as spines, so nothing is lost above.
  ///
  /// With switches of k ports: k leaves, k/2 spines, k²/2 cards.
  /// - Parameter leaves: fewer than k for a smaller one.
  public static func fatTree(
    radix k: Int, leaves: Int? = nil, speed: Double = 50e9
  ) -> NetworkGraph {
    var graph = NetworkGraph("fat tree, two layers")
    let cards = graph.add((leaves ?? k) * k / 2, .endpoint)
    graph.addTree(over: Array(cards), radix: k, plane: 0, speed)
    return graph
  }

  /// Leaves and spines over some cards, k/2 of them on each leaf.
  private mutating func addTree(
    over cards: [Int], radix k: Int, plane: Int, _ speed: Double
  ) {
    insist(
      k > 1 && k.isMultiple(of: 2) && cards.count.isMultiple(of: k / 2)
        && cards.count <= k * k / 2,
      "fatTree: \(cards.count) cards under switches of \(k) ports; k/2 on each of at most k leaves"
    )
    let leaves = add(cards.count / (k / 2), .switch(plane: plane))
    let spines = add(k / 2, .switch(plane: plane))
    for (place, card) in cards.enumerated() {
      join(card, leaves.lowerBound + place / (k / 2), speed: speed)
    }
    for leaf in leaves { for spine in spines { join(leaf, spine, speed: speed) } }
  }

  /// A fat tree of three layers: k pods of k/2 leaves and k/2 spines each, joined by (k/2)² cores.
  ///
  /// With switches of k ports: k³/4 cards, 5k²/4 switches.
  public static func fatTreeOfThree(radix k: Int, speed: Double = 50e9) -> NetworkGraph {
    insist(k > 1 && k.isMultiple(of: 2), "fatTreeOfThree: switches of \(k) ports; k is even")
    var graph = NetworkGraph("fat tree, three layers")
    let half = k / 2
    let cards = graph.add(k * half * half, .endpoint)
    let leaves = graph.add(k * half, .switch(plane: 0))
    let spines = graph.add(k * half, .switch(plane: 0))
    let cores = graph.add(half * half, .switch(plane: 0))
    for card in cards { graph.join(card, leaves.lowerBound + card / half, speed: speed) }
    for pod in 0..<k {
      for spine in 0..<half {
        let upper = spines.lowerBound + pod * half + spine
        for leaf in 0..<half {
          graph.join(leaves.lowerBound + pod * half + leaf, upper, speed: speed)
        }
        for core in 0..<half {
          graph.join(upper, cores.lowerBound + spine * half + core, speed: speed)
        }
      }
    }
    return graph
  }

  // snippet.planes
  /// Several fat trees of two layers side by side: card i of every node is in plane i.
  ///
  /// Planes meet only inside of nodes, over the links that join a node's cards; without such
  /// links there is no way from plane to plane. Hardware paper §5.1.
  /// - Parameter inside: bytes a second from a card into its node; none to leave the links out.
  public static func multiPlane(
    planes: Int = 8, radix k: Int, nodes: Int? = nil, speed: Double = 50e9,
    inside: Double? = 160e9
  ) -> NetworkGraph {
    let nodes = nodes ?? k * k / 2
    var graph = NetworkGraph("multi-plane fat tree")
    let cards = graph.add(nodes * planes, .endpoint)
    for plane in 0..<planes {
      let own = stride(from: plane, to: cards.count, by: planes)
      graph.addTree(over: Array(own), radix: k, plane: plane, speed)
    }
    if let inside { graph.addNodes(nodes, of: planes, inside) }
    return graph
  }
  // snippet.end

  /// One fat tree of two layers whose leaves are rails: a leaf has cards i of several nodes.
  public static func multiRail(
    rails: Int = 8, radix k: Int, nodes: Int? = nil, speed: Double = 50e9,
    inside: Double? = 160e9
  ) -> NetworkGraph {
    let nodes = nodes ?? k * k / 2 / rails
    insist(
      nodes.isMultiple(of: k / 2), "multiRail: \(nodes) nodes; a leaf takes \(k / 2) of them")
    var graph = NetworkGraph("multi-rail fat tree")
    _ = graph.add(nodes * rails, .endpoint)
    let cards = (0..<nodes / (k / 2)).flatMap { group in
      (0..<rails).flatMap { rail in
        (0..<k / 2).map { (group * k / 2 + $0) * rails + rail }
      }
    }
    graph.addTree(over: cards, radix: k, plane: 0, speed)
    if let inside { graph.addNodes(nodes, of: rails, inside) }
    return graph
  }

  /// Joins the cards of every node.
  private mutating func addNodes(_ count: Int, of cards: Int, _ speed: Double) {
    let nodes = add(count, .node)
    for (index, node) in nodes.enumerated() {
      for card in 0..<cards { join(index * cards + card, node, speed: speed) }
    }
  }
}
