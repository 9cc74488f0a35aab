import Tensors

/// The way of one rank's part in an exchange: made once by the choices, used for rows in both
/// directions and again by the backward pass.
public struct ExpertRoute: Sendable {
  /// The tokens that this rank sends to each node.
  let sent: [[Int]]
  /// The rows, of those that came from each node, that this rank hands to each place of its
  /// own.
  let handed: [[[Int]]]
  /// The number of rows that came from each node.
  let copied: [Int]
  /// The rows that this rank's experts get from each rank, in the order of the ranks.
  public let counts: [Int]
  /// The slots of those rows: this rank's experts, counted from its first; −1 for all others.
  public let experts: [Int]
  /// The tokens of this rank.
  public let tokens: Int

  /// The rows that this rank's experts get.
  public var rows: Int { counts.reduce(0, +) }

  /// Where the rows from one rank begin and end.
  func range(from rank: Int) -> Range<Int> {
    let start = counts[..<rank].reduce(0, +)
    return start..<start + counts[rank]
  }
}

/// The exchange of rows between tokens and experts that live on different ranks.
///
/// A row crosses to a node once, to the rank of the sender's own place, and is handed out
/// there; on the way back partial sums are formed where the copies were made. Rows and sums are
/// always taken in the order of the ranks, so the result does not depend on who was first. V3
/// §3.2.2.
public struct ExpertExchange: Sendable {
  /// The rank whose program this is.
  public let rank: Rank
  /// The wiring.
  public let fabric: Fabric
  /// The number of experts, spread evenly over the ranks in their order.
  public let experts: Int

  static let labelsBetween = Line<[Int]>("labels between nodes")
  static let labelsInside = Line<[Int]>("labels inside a node")
  static let between = Line<PackedRows>("rows between nodes")
  static let inside = Line<PackedRows>("rows inside a node")
  static let sumsBetween = Line<PackedRows>("sums between nodes")
  static let sumsInside = Line<PackedRows>("sums inside a node")

  /// Joins an exchange; all ranks of the fabric must.
  public init(_ rank: Rank, over fabric: Fabric, experts: Int) {
    insist(
      rank.count == fabric.ranks && experts.isMultiple(of: fabric.ranks),
      "ExpertExchange: \(experts) experts, a fabric of \(fabric.ranks), \(rank.count) ranks")
    (self.rank, self.fabric, self.experts) = (rank, fabric, experts)
  }

  var node: Int { fabric.node(of: rank.index) }
  var place: Int { fabric.place(of: rank.index) }
  /// The rank of this place in another node.
  func twin(in node: Int) -> Int { fabric.rank(node: node, place: place) }
  /// A rank of the same node.
  func neighbour(_ place: Int) -> Int { fabric.rank(node: node, place: place) }

  /// The experts of this rank.
  public var own: Range<Int> {
    let share = experts / fabric.ranks
    return rank.index * share..<(rank.index + 1) * share
  }

  /// Tells everybody what will come: the labels of the rows take the way of the rows.
  ///
  /// A label is the list of a row's experts, in four bytes each.
  public func route(_ choices: ExpertChoices) throws(ClusterError) -> ExpertRoute {
    insist(
      choices.count == experts, "route: choices of \(choices.count) experts, not \(experts)")
    let active = choices.active
    let sent = tokensByNode(choices)
    for other in 0..<fabric.nodes where other != node {
      let labels = sent[other].flatMap { choices.slots(of: $0) }
      try rank.send(
        labels, to: twin(in: other), over: Self.labelsBetween, bytes: 4 * labels.count)
    }
    var handed: [[[Int]]] = []
    var copied: [Int] = []
    var (counts, own): ([Int], [Int]) = ([], [])
    for source in 0..<fabric.nodes {
      let labels =
        source == node
        ? sent[node].flatMap { choices.slots(of: $0) }
        : try rank.receive(from: twin(in: source), over: Self.labelsBetween)
      let lists = rowsByPlace(labels, active)
      for place in 0..<fabric.ranksPerNode where place != self.place {
        let part = lists[place].flatMap { labels[$0 * active..<($0 + 1) * active] }
        try rank.send(
          part, to: neighbour(place), over: Self.labelsInside, bytes: 4 * part.count)
      }
      for place in 0..<fabric.ranksPerNode {
        let part =
          place == self.place
          ? lists[place].flatMap { labels[$0 * active..<($0 + 1) * active] }
          : try rank.receive(from: neighbour(place), over: Self.labelsInside)
        counts.append(part.count / active)
        own += part.map { self.own.contains($0) ? $0 - self.own.lowerBound : -1 }
      }
      handed.append(lists)
      copied.append(labels.count / active)
    }
    return ExpertRoute(
      sent: sent, handed: handed, copied: copied, counts: counts, experts: own,
      tokens: choices.tokens)
  }

  /// The tokens with an expert in each node.
  private func tokensByNode(_ choices: ExpertChoices) -> [[Int]] {
    (0..<fabric.nodes).map { node in
      (0..<choices.tokens).filter { token in
        choices.slots(of: token).contains { expert in
          expert >= 0 && fabric.node(of: fabric.rank(of: expert, among: experts)) == node
        }
      }
    }
  }

  /// The rows with an expert at each place of this node.
  private func rowsByPlace(_ labels: [Int], _ active: Int) -> [[Int]] {
    (0..<fabric.ranksPerNode).map { place in
      let target = neighbour(place)
      return (0..<labels.count / active).filter { row in
        labels[row * active..<(row + 1) * active].contains {
          $0 >= 0 && fabric.rank(of: $0, among: experts) == target
        }
      }
    }
  }
}
