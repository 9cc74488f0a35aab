import Checkpoints
import Tensors

/// How a router chooses, apart from its weights: affinities, experts, weights.
extension ExpertSizes {
  /// The affinity of each token to each expert, from the router's logits.
  ///
  /// sᵢ = softmax(ℓ)ᵢ over all experts (V2), or sᵢ = σ(ℓᵢ), each on its own (V3).
  /// - Shape: [tokens, experts] → [tokens, experts]
  public func affinities(_ logits: Variable) -> Variable {
    switch scoring {
    case .softmax: logits.softmax()
    case .sigmoid: logits.sigmoid()
    }
  }

  /// The experts of each token, the best first; of equals the one with the lower number.
  ///
  /// Experts are ranked by s + b. Where they stand in groups, a group is ranked by its best expert
  /// (V2) or by the sum of its two best (V3), and the experts of the losing groups get −∞.
  /// No gradient flows: a choice has no slope.
  /// - Parameter bias: b, which only V3 has.
  /// - Shape: affinities [tokens, experts], bias [experts] → tokens · active numbers
  /// - Paper: V2 §2.2.2; V3 eq. 16.
  public func choice(_ affinities: Tensor, bias: Tensor? = nil) -> [Int] {
    SelectionKernel(self).choose(affinities, bias: bias)
  }

  /// Whether a token may use only some of the groups.
  var limitsGroups: Bool { selection != .greedy && activeGroups < groups }

  /// What a router with these sizes breaks, or nil.
  var fault: String? {
    guard count > 0, (1...count).contains(active) else {
      return "\(active) of \(count) experts cannot be active"
    }
    guard groups > 0, count.isMultiple(of: groups), (1...groups).contains(activeGroups) else {
      return
        "\(count) experts do not make \(groups) groups, of which \(activeGroups) are active"
    }
    guard selection == .greedy || activeGroups * (count / groups) >= active else {
      return "\(activeGroups) groups of \(count / groups) do not hold \(active) experts"
    }
    guard !limitsGroups || selection != .biased || count / groups >= 2 else {
      return "a group of one expert has no two best"
    }
    return nil
  }
}
