import Attention
import Checkpoints
import Tensors

extension DecoderConfiguration {
  /// The rotation of positions, stretched if the configuration says so.
  public var rotaryEmbedding: RotaryEmbedding {
    let layout = ropeInterleaved ? RotaryEmbedding.Layout.interleaved : .halfSplit
    return switch ropeScaling {
    case nil: RotaryEmbedding(width: headWidth, theta: ropeTheta, layout: layout)
    case .yarn(let scaling):
      YaRN(scaling, width: headWidth, theta: ropeTheta).embedding(layout)
    case .llama3(let scaling):
      RotaryEmbedding(
        frequencies: scaling.frequencies(width: headWidth, theta: ropeTheta), layout: layout)
    }
  }

  /// τ, by which latent attention multiplies its scores: m² / √(contentWidth + rotaryWidth).
  ///
  /// With attention that is not latent it is 1 / √headWidth, whatever is stretched.
  public var softmaxScale: Double {
    guard let latent = latentAttention else { return 1 / Double(headWidth).squareRoot() }
    let scale = 1 / Double(latent.contentWidth + latent.rotaryWidth).squareRoot()
    guard case .yarn(let scaling) = ropeScaling else { return scale }
    return scale * YaRN(scaling, width: headWidth, theta: ropeTheta).sharpening
  }

  /// The attention of a layer with fresh weights: latent if the configuration has its sizes, else
  /// with key heads that groups of query heads share.
  public func attention(
    using generator: inout some RandomNumberGenerator
  ) -> any AttentionLayer {
    guard let latent = latentAttention else {
      return GroupedQueryAttention(
        width: width,
        shape: AttentionShape(
          heads: heads, keyValueHeads: keyValueHeads, keyWidth: headWidth,
          valueWidth: headWidth),
        rotary: rotaryEmbedding, bias: hasQueryKeyValueBias, deviation: deviations.inner,
        outputDeviation: deviations.output, using: &generator)
    }
    return LatentAttention(
      width: width,
      shape: LatentShape(latent, heads: heads, scale: Float(softmaxScale)),
      rotary: rotaryEmbedding, deviation: deviations.inner,
      outputDeviation: deviations.output, using: &generator)
  }
}

extension YaRN {
  /// The rotation with these frequencies.
  func embedding(_ layout: RotaryEmbedding.Layout) -> RotaryEmbedding {
    RotaryEmbedding(frequencies: frequencies, layout: layout, amplitude: amplitude)
  }
}
