import Checkpoints
import Tensors

extension DecoderConfiguration {
  /// Makes a model of these sizes with fresh weights.
  ///
  /// Weights are normal with the configuration's deviation; the two matrices that write into the
  /// residual stream are narrower by √(2 · layers), so that the sum of all layers keeps its size
  /// (Radford et al., 2019, §2.3).
  public func model(seed: UInt64) -> LanguageModel {
    var generator = SplitMix64(seed: seed)
    let deviation = Float(initializerRange)
    let outputDeviation = deviation / Float(2 * layers).squareRoot()
    let epsilon = Float(rmsNormEpsilon)
    let shape = AttentionShape(
      heads: heads, keyValueHeads: keyValueHeads, keyWidth: headWidth, valueWidth: headWidth)
    let rotary = RotaryEmbedding(width: headWidth, theta: ropeTheta)
    let embedding = Embedding(
      vocabulary: vocabularySize, width: width, deviation: deviation, using: &generator)
    let blocks = (0..<layers).map { _ in
      Block(
        attentionNorm: RMSNorm(width: width, epsilon: epsilon),
        attention: GroupedQueryAttention(
          width: width, shape: shape, rotary: rotary, bias: hasQueryKeyValueBias,
          deviation: deviation, outputDeviation: outputDeviation, using: &generator),
        feedForwardNorm: RMSNorm(width: width, epsilon: epsilon),
        feedForward: SwiGLUFeedForward(
          width: width, hidden: feedForwardWidth, deviation: deviation,
          outputDeviation: outputDeviation, using: &generator))
    }
    let head =
      tiesEmbeddings
      ? nil : Linear(from: width, to: vocabularySize, deviation: deviation, using: &generator)
    return LanguageModel(
      body: .init(
        embedding: embedding, blocks: blocks, norm: RMSNorm(width: width, epsilon: epsilon)),
      head: head)
  }
}

extension LanguageModel {
  /// Reads the weights from a checkpoint; every weight must be there, in its shape, and no other.
  ///
  /// Nothing changes unless all of it fits. Some programs store a tied head although it repeats the
  /// embedding; it is left aside.
  public func load(_ stored: StoredTensors) throws(CheckpointError) {
    let wanted = namedParameters
    try stored.require(
      wanted.map { ($0.name, $0.parameter.shape) },
      allowing: head == nil ? ["lm_head.weight"] : [])
    var values: [Tensor] = []
    for (name, parameter) in wanted {
      values.append(try stored.tensor(name, shape: parameter.shape))
    }
    for ((_, parameter), value) in zip(wanted, values) { parameter.value = value }
  }
}
