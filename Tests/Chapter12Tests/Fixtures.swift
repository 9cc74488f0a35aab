import Checkpoints
import Foundation
import MTP

extension DecoderConfiguration {
  /// The reader of code with narrow layers, quick enough for tests.
  var narrow: DecoderConfiguration {
    var sizes = self
    (sizes.width, sizes.feedForwardWidth, sizes.layers, sizes.heads) = (32, 48, 2, 2)
    sizes.keyValueHeads = 2
    sizes.latentAttention = LatentAttentionSizes(
      queryRank: nil, keyValueRank: 16, contentWidth: 8, rotaryWidth: 8, valueWidth: 16)
    sizes.headWidth = 8
    sizes.experts?.count = 4
    sizes.experts?.width = 16
    return sizes
  }

  var fresh: DeepSeekModel { DeepSeekModel(self, seed: 7) }
}

extension Double {
  var logarithm: Double { log(self) }
}
