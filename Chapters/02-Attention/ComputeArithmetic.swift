import Checkpoints

extension DecoderConfiguration {
  /// What one token costs in training, in floating-point operations.
  ///
  /// Each weight of a matrix is multiplied and added once forward and twice backward: 6 · weights.
  /// Causal attention adds, in each layer, a product with the keys and one with the values over half
  /// of the context on average: 6 · context · heads · headWidth. Norms and the lookup of the
  /// embedding count for nothing, and of the experts only those that a token visits.
  ///
  /// - Parameter predicting: Whether modules that predict further tokens are trained too.
  public func trainingFLOPsPerToken(context: Int, predicting: Bool = false) -> Int {
    trainingFLOPs(context: context, predicting: predicting) ?? .max
  }
}
