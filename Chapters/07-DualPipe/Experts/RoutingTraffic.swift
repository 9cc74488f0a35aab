import Tensors

/// The rows that a routing sends over each link, counted without sending any.
public struct RoutingTraffic: Sendable, Equatable {
  /// Which copies are sent.
  public enum Way: Sendable, CaseIterable {
    /// One to every expert, straight.
    case perExpert
    /// One to every rank with an expert, straight.
    case perRank
    /// One to every node with an expert, to the rank of the sender's own place, which hands it
    /// out inside. V3 §3.2.2.
    case perNode
  }

  /// The rows from each rank to each other in a dispatch; a combine sends as many the other
  /// way.
  public let rows: [[Int]]
  /// The wiring.
  public let fabric: Fabric
  /// The tokens of all ranks.
  public let tokens: Int
  /// The nodes that an average token visits, its own among them if an expert is there.
  public let nodesPerToken: Double

  /// Counts the copies of all tokens.
  /// - Parameter choices: those of each rank.
  public init(_ choices: [ExpertChoices], over fabric: Fabric, _ way: Way = .perNode) {
    insist(
      choices.count == fabric.ranks,
      "RoutingTraffic: choices of \(choices.count) ranks, a fabric of \(fabric.ranks)")
    var rows = Array(repeating: [Int](repeating: 0, count: fabric.ranks), count: fabric.ranks)
    var visits = 0
    // The last token that was seen to visit a node or a rank: each counts once a token.
    var seenByNode = [Int](repeating: -1, count: fabric.nodes)
    var seenByRank = [Int](repeating: -1, count: fabric.ranks)
    var number = 0
    for (source, choices) in choices.enumerated() {
      let place = fabric.place(of: source)
      for token in 0..<choices.tokens {
        for expert in choices.slots(of: token) where expert >= 0 {
          let rank = fabric.rank(of: expert, among: choices.count)
          let node = fabric.node(of: rank)
          let door = fabric.rank(node: node, place: place)
          if way == .perExpert { rows[source][rank] += 1 }
          if seenByNode[node] != number {
            seenByNode[node] = number
            visits += 1
            if way == .perNode { rows[source][door] += 1 }
          }
          if seenByRank[rank] != number {
            seenByRank[rank] = number
            if way == .perRank { rows[source][rank] += 1 }
            if way == .perNode { rows[door][rank] += 1 }
          }
        }
        number += 1
      }
    }
    // What stays on a rank is not sent.
    for rank in rows.indices { rows[rank][rank] = 0 }
    (self.rows, self.fabric) = (rows, fabric)
    tokens = choices.reduce(0) { $0 + $1.tokens }
    nodesPerToken = Double(visits) / Double(max(tokens, 1))
  }

  /// The rows that cross from node to node.
  public var rowsBetween: Int { sum { !fabric.areNeighbours($0, $1) } }
  /// The rows that move inside nodes.
  public var rowsInside: Int { sum { fabric.areNeighbours($0, $1) } }

  /// The time of a dispatch, when every rank sends and receives at once and arrivals are handed
  /// on without delay: that of the busiest link.
  public func seconds(bytesPerRow: Int, _ speeds: LinkSpeeds) -> Double {
    let times = rows.indices.flatMap { rank -> [Double] in
      let others = rows.indices
      func time(_ isInside: Bool, _ rows: (Int) -> Int) -> Double {
        let count = others.filter { fabric.areNeighbours(rank, $0) == isInside }
          .reduce(0) { $0 + rows($1) }
        return Double(count * bytesPerRow) / (isInside ? speeds.inside : speeds.between)
      }
      return [true, false].flatMap { isInside in
        [time(isInside) { rows[rank][$0] }, time(isInside) { rows[$0][rank] }]
      }
    }
    return times.max() ?? 0
  }

  private func sum(where isCounted: (Int, Int) -> Bool) -> Int {
    rows.indices.reduce(0) { sum, from in
      rows.indices.reduce(sum) { $0 + (isCounted(from, $1) ? rows[from][$1] : 0) }
    }
  }
}

extension Fabric {
  /// The probability that a token visits 0, 1, 2 … nodes, when every set of experts is as
  /// likely.
  ///
  /// Counted exactly: w(j, k) sets of k experts touch j of the nodes seen so far.
  public func nodeDistribution(active: Int, of experts: Int) -> [Double] {
    let perNode = experts / nodes
    var ways = Array(repeating: [Double](repeating: 0, count: active + 1), count: nodes + 1)
    ways[0][0] = 1
    for _ in 0..<nodes {
      var next = ways
      for touched in 0..<nodes {
        for chosen in 0..<active where ways[touched][chosen] > 0 {
          for here in 1...min(perNode, active - chosen) {
            next[touched + 1][chosen + here] +=
              ways[touched][chosen] * Self.choices(here, of: perNode)
          }
        }
      }
      ways = next
    }
    let all = Self.choices(active, of: experts)
    return ways.map { $0[active] / all }
  }

  /// The nodes that a token visits on average, when every set of experts is as likely.
  ///
  ///     nodes · (1 − C(E − E/nodes, k) / C(E, k))
  public func expectedNodes(active: Int, of experts: Int) -> Double {
    let others = experts - experts / nodes
    return Double(nodes)
      * (1 - Self.choices(active, of: others) / Self.choices(active, of: experts))
  }

  /// C(n, k).
  private static func choices(_ k: Int, of n: Int) -> Double {
    guard k <= n else { return 0 }
    return (0..<k).reduce(1) { $0 * Double(n - $1) / Double($1 + 1) }
  }
}
