import Tensors

extension Variable {
  /// The weights of chosen experts, from the affinities of all.
  ///
  /// gₖ = σ sₖ / (Σⱼ sⱼ + 10⁻²⁰) with j over the chosen ones, or gₖ = σ sₖ without normalisation;
  /// then s̄ₖ = σ / Σ · (ḡₖ − Σⱼ ḡⱼ sⱼ / Σ), or s̄ₖ = σ ḡₖ. Experts that were not chosen get none.
  /// - Shape: [tokens, experts] → [tokens, active], with tokens · active columns
  /// - Paper: V2 eq. 21; V3 eq. 13–14.
  public func gateWeights(at experts: [Int], normalized: Bool, scale: Float) -> Variable {
    let chosen = value.picked(at: experts)
    let width = value.columns
    let weights = chosen.gateWeights(normalized: normalized, scale: scale)
    return tape.record("gateWeights", weights, from: [self]) { upstream in
      [
        .later {
          chosen.gateWeightShares(upstream, normalized: normalized, scale: scale)
            .unpicked(to: experts, width: width)
        }
      ]
    }
  }
}
