import Tensors

/// One layer of a transformer: attention and feed-forward, each normalised before and added after.
public struct Block: Module {
  package let attentionNorm, feedForwardNorm: RMSNorm
  package let attention: any AttentionLayer
  package let feedForward: any FeedForward

  /// Joins the parts of a layer.
  public init(
    attentionNorm: RMSNorm, attention: any AttentionLayer, feedForwardNorm: RMSNorm,
    feedForward: any FeedForward
  ) {
    self.attentionNorm = attentionNorm
    self.attention = attention
    self.feedForwardNorm = feedForwardNorm
    self.feedForward = feedForward
  }

  /// The weights under their checkpoint names.
  public var parts: KeyValuePairs<String, any Part> {
    [
      "input_layernorm": attentionNorm, "self_attn": attention,
      "post_attention_layernorm": feedForwardNorm, "mlp": feedForward,
    ]
  }

  // snippet.block
  /// h = x + attention(norm(x)), then h + feedForward(norm(h)).
  /// - Shape: [rows, width] → [rows, width]
  public func callAsFunction(
    _ x: Variable, in pass: Pass, cache: (any AttentionCache)?
  ) -> Variable {
    let h = x + attention(attentionNorm(x), in: pass, cache: cache)
    return h + feedForward(feedForwardNorm(h), in: pass)
  }
  // snippet.end
}
