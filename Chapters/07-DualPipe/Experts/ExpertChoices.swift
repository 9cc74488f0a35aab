import Checkpoints
import Tensors

/// The experts that the tokens of one rank go to.
public struct ExpertChoices: Sendable, Equatable {
  /// What stands in a slot that chooses nobody.
  public static let nobody = -1

  /// The expert of each slot, token by token; −1 for nobody.
  public let experts: [Int]
  /// The slots of a token.
  public let active: Int
  /// The number of experts.
  public let count: Int

  /// Takes the choices of a router.
  public init(_ experts: [Int], active: Int, of count: Int) {
    insist(
      active > 0 && experts.count.isMultiple(of: active)
        && experts.allSatisfy { (Self.nobody..<count).contains($0) },
      "ExpertChoices: \(experts.count) slots, \(active) a token, of \(count) experts")
    (self.experts, self.active, self.count) = (experts, active, count)
  }

  /// The number of tokens.
  public var tokens: Int { experts.count / active }

  /// The slots of one token.
  public func slots(of token: Int) -> ArraySlice<Int> {
    experts[token * active..<(token + 1) * active]
  }

  /// The choices of a router whose affinities are random: each expert as likely as any other.
  public static func random(
    tokens: Int, _ sizes: ExpertSizes, using generator: inout some RandomNumberGenerator
  ) -> ExpertChoices {
    let affinities = (0..<tokens * sizes.count).map { _ in
      Float(generator.next() >> 40) * 0x1p-24
    }
    let chosen = sizes.choice(Tensor(affinities, shape: [tokens, sizes.count]))
    return ExpertChoices(chosen, active: sizes.active, of: sizes.count)
  }
}

extension Fabric {
  /// The rank of an expert, when the experts are spread evenly in their order.
  public func rank(of expert: Int, among count: Int) -> Int { expert / (count / ranks) }
}

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
    var (perRank, perNode) = (
      [Int](repeating: 0, count: fabric.ranks),
      [Int](
        repeating: 0, count: fabric.nodes)
    )
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
