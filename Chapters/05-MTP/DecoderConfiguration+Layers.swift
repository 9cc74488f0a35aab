import Attention
import Checkpoints
import MLA
import MoE
import Tensors

extension DecoderConfiguration {
  /// The attention of every layer.
  func attention(using generator: inout SplitMix64) -> any AttentionLayer {
    GroupedQueryAttention(self, using: &generator)
  }

  /// A whole layer: the first layers of a mixture of experts are dense.
  func block(_ layer: Int, using generator: inout SplitMix64) -> Block {
    Block(
      attentionNorm: norm, attention: attention(using: &generator), feedForwardNorm: norm,
      feedForward: feedForward(layer: layer, using: &generator))
  }
}
