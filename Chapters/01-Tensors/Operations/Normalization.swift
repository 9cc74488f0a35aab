extension Variable {
  /// Divides each row by its root mean square and multiplies by a weight for each column.
  ///
  /// y = w ∘ x / √(mean(x²) + ε). Paper: Zhang and Sennrich, 2019.
  /// - Shape: x [rows…, width], weight [width] → [rows…, width]
  public func rmsNorm(weight: Variable, epsilon: Float) -> Variable {
    insist(
      weight.shape == [value.columns],
      "rmsNorm: a weight of shape \(weight.shape) cannot scale rows of \(value.columns)")
    let (x, w) = (value, weight.value)
    let (y, scales) = x.rmsNormalized(weight: w, epsilon: epsilon)
    return tape.record("rmsNorm", y, from: [self, weight]) { upstream in
      let share = x.rmsNormPullback(upstream, weight: w, scales: scales)
      return [.now(share.input), .now(share.weight)]
    }
  }
}
