import Attention
import Checkpoints
import MLA
import MoE
import Tensors

extension DecoderConfiguration {
  /// A whole layer: attention as chapter 3 chooses it, and a feed-forward half as chapter 4 does.
  func block(_ layer: Int, using generator: inout SplitMix64) -> Block {
    Block(
      attentionNorm: norm, attention: attention(using: &generator), feedForwardNorm: norm,
      feedForward: feedForward(layer: layer, using: &generator))
  }
}
