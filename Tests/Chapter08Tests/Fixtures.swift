import Attention
import Checkpoints
import MTP
import RL
import Tensors

extension DecoderConfiguration {
  /// The reasoner with narrow layers, quick enough for tests.
  var narrow: DecoderConfiguration {
    var sizes = self
    (sizes.width, sizes.feedForwardWidth, sizes.layers, sizes.heads) = (32, 48, 2, 2)
    sizes.latentAttention = LatentAttentionSizes(
      queryRank: nil, keyValueRank: 16, contentWidth: 8, rotaryWidth: 8, valueWidth: 16)
    sizes.headWidth = 8
    sizes.experts?.count = 4
    sizes.experts?.width = 16
    // Fresh weights that are large enough to tell tokens apart.
    sizes.initializerRange = 0.15
    return sizes
  }

  var smaller: DeepSeekModel { DeepSeekModel(narrow, seed: 7) }
}
