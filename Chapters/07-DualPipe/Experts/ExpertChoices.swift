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
