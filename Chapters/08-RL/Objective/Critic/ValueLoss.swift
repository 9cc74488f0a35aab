import Tensors

extension Variable {
  /// The squared error of predicted values, which may not gain by leaving a window around old ones.
  ///
  /// ½ Σ w max((v − R)², (clip(v) − R)²), clip(v) = v_old + clamp(v − v_old, −ε, ε). The gradient is
  /// w (v − R) where the first is larger or v is inside the window, and zero elsewhere.
  /// Paper: Schulman et al., 2017, §5, with the window of their code.
  /// - Shape: [tokens, 1] → []
  public func valueLoss(
    targets: [Double], old: [Float], weights: [Double], clip: Double? = nil
  ) -> Variable {
    let predictions = value.scalars
    insist(
      [targets.count, old.count, weights.count].allSatisfy { $0 == predictions.count },
      "valueLoss: each of \(predictions.count) values needs one target, old value and weight")
    var sum = 0.0
    let slopes = predictions.indices.map { i in
      let (v, before) = (Double(predictions[i]), Double(old[i]))
      let error = v - targets[i]
      var (square, slope) = (error * error, error)
      if let clip, abs(v - before) > clip {
        let near = before + (v > before ? clip : -clip) - targets[i]
        if near * near > square { (square, slope) = (near * near, 0) }
      }
      sum += weights[i] * square / 2
      return Float(weights[i] * slope)
    }
    let gradient = Tensor(slopes, shape: shape)
    return tape.record("valueLoss", Tensor(Float(sum)), from: [self]) { upstream in
      [.later { gradient.scaled(by: upstream.scalar) }]
    }
  }
}
