import Tensors

/// Who gets which of the tokens of one rank: what must be known before anything is sent.
///
/// A token counts once for a rank and once for a node, however many of its experts live there.
public struct DispatchLayout: Sendable, Equatable {
  /// The tokens that go to each rank.
  public let tokensPerRank: [Int]
  /// The tokens that go to each node.
  public let tokensPerNode: [Int]
  /// The slots of each expert.
  public let tokensPerExpert: [Int]
  /// Whether each token goes to each rank.
  public let isTokenInRank: [[Bool]]

  /// Counts the choices of one rank.
  public init(_ choices: ExpertChoices, over fabric: Fabric) {
    insist(
      choices.count.isMultiple(of: fabric.ranks),
      "DispatchLayout: \(choices.count) experts cannot be spread evenly over \(fabric.ranks) ranks"
    )
    var perRank = [Int](repeating: 0, count: fabric.ranks)
    var perNode = [Int](repeating: 0, count: fabric.nodes)
    var perExpert = [Int](repeating: 0, count: choices.count)
    let flags = (0..<choices.tokens).map { token in
      var isInRank = [Bool](repeating: false, count: fabric.ranks)
      var isInNode = [Bool](repeating: false, count: fabric.nodes)
      for expert in choices.slots(of: token) where expert >= 0 {
        perExpert[expert] += 1
        let rank = fabric.rank(of: expert, among: choices.count)
        isInRank[rank] = true
        isInNode[fabric.node(of: rank)] = true
      }
      for rank in isInRank.indices where isInRank[rank] { perRank[rank] += 1 }
      for node in isInNode.indices where isInNode[node] { perNode[node] += 1 }
      return isInRank
    }
    (tokensPerRank, tokensPerNode) = (perRank, perNode)
    (tokensPerExpert, isTokenInRank) = (perExpert, flags)
  }
}
