import Attention
import Checkpoints
import Foundation
import MTP
import Serving
import Tensors
import Text

extension DecoderConfiguration {
  /// A dense model of some thousand weights, with keys that heads share and biases before them.
  static func dense(predictors: Int = 1) -> DecoderConfiguration {
    DecoderConfiguration(
      family: .qwen2, vocabularySize: 31, width: 20, feedForwardWidth: 24, layers: 2, heads: 4,
      keyValueHeads: 2, headWidth: 6, maximumPositions: 96, tiesEmbeddings: true,
      initializerRange: 0.3, predictors: predictors)
  }

  /// The smallest V3, with weights large enough that its tokens differ.
  static func latent(vocabulary: Int = 256, positions: Int = 96) -> DecoderConfiguration {
    var sizes = NamedConfiguration.tinyV3.model
    sizes.vocabularySize = vocabulary
    sizes.maximumPositions = positions
    sizes.initializerRange = 0.3
    return sizes
  }

  /// A model whose every weight has a part in the result: norms, biases and routing are uneven.
  func unevenModel(seed: UInt64) -> DeepSeekModel {
    let model = DeepSeekModel(self, seed: seed)
    var generator = SplitMix64(seed: seed + 1)
    var seen: Set<ObjectIdentifier> = []
    for parameter in model.parameters where parameter.shape.count == 1 {
      guard seen.insert(ObjectIdentifier(parameter)).inserted else { continue }
      let noise = Tensor.normal(shape: parameter.shape, deviation: 0.2, using: &generator)
      let sum = zip(parameter.value.scalars, noise.scalars).map { $0 + $1 }
      parameter.value = Tensor(sum, shape: parameter.shape)
    }
    return model
  }
}

/// The kinds of models that are served here.
enum Kind: CaseIterable {
  case latent, dense

  var configuration: DecoderConfiguration { self == .latent ? .latent() : .dense() }
  var model: DeepSeekModel { configuration.unevenModel(seed: 7) }
}

/// Tokens below a bound that are the same in every run.
func testTokens(_ count: Int, below bound: Int, seed: UInt64 = 1) -> [Int] {
  var generator = SplitMix64(seed: seed)
  return (0..<count).map { _ in Int(generator.next() % UInt64(bound)) }
}

/// Every format of weights.
let allFormats: [WeightFormat] = [
  .fp32, .bf16, .fp8, .int8, .int4,
  .integer(IntegerFormat(bits: 8, group: 6, isSymmetric: false)),
  .integer(IntegerFormat(bits: 4, group: 10, isSymmetric: false)),
]

/// A folder that is gone when the test is over.
final class Scratch {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "serving-\(UUID())")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }
}
