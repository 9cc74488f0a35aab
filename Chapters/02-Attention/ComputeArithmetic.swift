import Checkpoints

extension DecoderConfiguration {
  /// What one token costs in training, in floating-point operations.
  ///
  /// Each weight of a matrix is multiplied and added once forward and twice backward: 6 · weights.
  /// Causal attention adds, in each layer, a product with the keys and one with the values over half
  /// of the context on average: 6 · context · heads · headWidth. Norms and the lookup of the
  /// embedding count for nothing.
  public func trainingFLOPsPerToken(context: Int) -> Int {
    let queryWidth = heads * headWidth
    let keyWidth = keyValueHeads * headWidth
    let attention = 2 * width * (queryWidth + keyWidth)
    let feedForward = 3 * width * feedForwardWidth
    let weights = layers * (attention + feedForward) + vocabularySize * width
    return 6 * weights + 6 * layers * context * queryWidth
  }
}
