import Attention
import Checkpoints
import Tensors

extension DecoderConfiguration {
  /// The attention of every layer.
  func attention(using generator: inout SplitMix64) -> any AttentionLayer {
    GroupedQueryAttention(self, using: &generator)
  }

  /// The feed-forward half of one layer: the first layers of a mixture of experts are dense.
  func feedForward(_ layer: Int, using generator: inout SplitMix64) -> any FeedForward {
    SwiGLUFeedForward(self, using: &generator)
  }

  /// A whole layer.
  func block(_ layer: Int, using generator: inout SplitMix64) -> Block {
    Block(
      attentionNorm: norm, attention: attention(using: &generator), feedForwardNorm: norm,
      feedForward: feedForward(layer, using: &generator))
  }
}
