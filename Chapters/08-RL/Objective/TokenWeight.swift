import Tensors

/// What share of the loss a response's token has.
///
/// With B groups of G responses. Groups and responses that are left out still count in B, G and
/// the sums: what is left out must not make the steps of the rest longer.
public enum TokenWeight: Sendable, Equatable {
  /// 1 / (B G |o|): each response counts the same (DeepSeekMath, eq. 3).
  case sequenceMean
  /// 1 / (B G): each token counts the same, with nothing for length (DeepSeek-R1, eq. 1 as
  /// printed).
  case sequenceSum
  /// 1 / (B Σ_j |o_j|) over the group (DAPO, eq. 8).
  case groupTokens
  /// 1 / Σ |o| over all groups (DAPO as trl and verl have it).
  case batchTokens
  /// 1 / (B G L) with a constant L, the budget of a response (Dr. GRPO, §3.2).
  case constant(Int)

  /// The weight of each token of each response of each group.
  public func weights(of groups: [ResponseGroup]) -> [[Double]] {
    let count = Double(groups.count)
    let all = Double(groups.reduce(0) { $0 + $1.tokens })
    return groups.map { group in
      let size = Double(group.responses.count)
      return group.responses.map { response in
        switch self {
        case .sequenceMean: 1 / (count * size * Double(response.length))
        case .sequenceSum: 1 / (count * size)
        case .groupTokens: 1 / (count * Double(group.tokens))
        case .batchTokens: 1 / all
        case .constant(let length): 1 / (count * size * Double(length))
        }
      }
    }
  }
}

extension ResponseGroup {
  /// The tokens of all responses.
  fileprivate var tokens: Int { responses.reduce(0) { $0 + $1.length } }
}
