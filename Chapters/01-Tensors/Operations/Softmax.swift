extension Variable {
  /// Turns each row into weights that are positive and sum to one.
  ///
  /// yᵢ = exp(xᵢ − max x) / Σⱼ exp(xⱼ − max x), and x̄ = y ∘ (ȳ − Σ y ȳ).
  public func softmax() -> Variable {
    let y = value.softmaxed()
    return tape.record("softmax", y, from: [self]) { upstream in
      [.later { y.softmaxPullback(upstream) }]
    }
  }

  /// The logarithm of the softmax of each row, without forming the softmax.
  ///
  /// yᵢ = xᵢ − log Σⱼ exp xⱼ, and x̄ = ȳ − eʸ Σ ȳ.
  public func logSoftmax() -> Variable {
    let y = value.logSoftmaxed()
    return tape.record("logSoftmax", y, from: [self]) { upstream in
      [.later { y.logSoftmaxPullback(upstream) }]
    }
  }
}
