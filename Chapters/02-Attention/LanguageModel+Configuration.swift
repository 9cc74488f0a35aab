import Checkpoints
import Tensors

extension DecoderConfiguration {
  /// Makes a model of these sizes with fresh weights.
  public func model(seed: UInt64) -> LanguageModel {
    var generator = SplitMix64(seed: seed)
    return model(
      using: &generator,
      attention: { _, generator in GroupedQueryAttention(self, using: &generator) },
      feedForward: { _, generator in SwiGLUFeedForward(self, using: &generator) })
  }

  /// Makes a model whose layers are made by others, each told its place and given the randomness.
  package func model(
    using generator: inout SplitMix64,
    attention: (_ layer: Int, inout SplitMix64) -> any AttentionLayer,
    feedForward: (_ layer: Int, inout SplitMix64) -> any FeedForward
  ) -> LanguageModel {
    let deviation = Float(initializerRange)
    let embedding = Embedding(
      vocabulary: vocabularySize, width: width, deviation: deviation, using: &generator)
    let blocks = (0..<layers).map { layer in
      Block(
        attentionNorm: norm, attention: attention(layer, &generator), feedForwardNorm: norm,
        feedForward: feedForward(layer, &generator))
    }
    let head =
      tiesEmbeddings
      ? nil : Linear(from: width, to: vocabularySize, deviation: deviation, using: &generator)
    return LanguageModel(
      body: .init(embedding: embedding, blocks: blocks, norm: norm), head: head)
  }

  /// A fresh norm over the width of the model.
  package var norm: RMSNorm { RMSNorm(width: width, epsilon: Float(rmsNormEpsilon)) }

  /// The deviation of fresh weights, and that of the matrices that write into the residual stream.
  ///
  /// The latter is narrower by √(2 · layers), so that the sum of all layers keeps its size
  /// (Radford et al., 2019, §2.3).
  package var deviations: (inner: Float, output: Float) {
    let deviation = Float(initializerRange)
    return (deviation, deviation / Float(2 * layers).squareRoot())
  }
}

extension GroupedQueryAttention {
  /// Creates the attention of a layer with fresh weights.
  package init(
    _ sizes: DecoderConfiguration, using generator: inout some RandomNumberGenerator
  ) {
    insist(
      sizes.ropeScaling == nil,
      "GroupedQueryAttention: stretched positions need a rotation of their own")
    self.init(
      width: sizes.width,
      shape: AttentionShape(
        heads: sizes.heads, keyValueHeads: sizes.keyValueHeads, keyWidth: sizes.headWidth,
        valueWidth: sizes.headWidth),
      rotary: RotaryEmbedding(width: sizes.headWidth, theta: sizes.ropeTheta),
      bias: sizes.hasQueryKeyValueBias, deviation: sizes.deviations.inner,
      outputDeviation: sizes.deviations.output, using: &generator)
  }
}

extension SwiGLUFeedForward {
  /// Creates the feed-forward half of a layer with fresh weights.
  /// - Parameter hidden: the width inside, if not that of the configuration.
  package init(
    _ sizes: DecoderConfiguration, hidden: Int? = nil,
    using generator: inout some RandomNumberGenerator
  ) {
    self.init(
      width: sizes.width, hidden: hidden ?? sizes.feedForwardWidth,
      deviation: sizes.deviations.inner, outputDeviation: sizes.deviations.output,
      using: &generator)
  }
}
