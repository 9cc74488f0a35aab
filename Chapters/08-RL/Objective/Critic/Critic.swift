import Attention
import Tensors

/// What reward a policy expects at each token, read from the hidden rows that predict the tokens.
///
/// A linear map beside the head. RLHF's critic is a second model of the policy's size; ours reads
/// what the policy already knows.
public struct Critic: Module {
  /// From a hidden row to V.
  public let head: Linear

  /// Creates a critic that expects nothing.
  public init(width: Int) {
    head = Linear(
      weight: Parameter(Tensor(shape: [1, width])), bias: Parameter(Tensor(shape: [1])))
  }

  /// The weights under their names.
  public var parts: KeyValuePairs<String, any Part> { ["v_head": head] }

  /// V of each row.
  /// - Shape: [tokens, width] → [tokens, 1]
  public func callAsFunction(_ hidden: Variable) -> Variable { head(hidden) }

  /// V(s_t) before each token of each response, of the policy as it is now.
  public func values(of groups: [ResponseGroup], under policy: LanguageModel) -> [[[Float]]] {
    policy.readings(of: groups) { hidden, _ in self(hidden).value.scalars }
  }
}
