import Attention
import Checkpoints
import MLA
import MoE
import Tensors
import Text

/// A language model with any number of modules that look further ahead than the next token.
///
/// Without modules it is the language model alone, so the programs use this one type for dense
/// models and for DeepSeek's.
public struct DeepSeekModel: Module {
  /// The decoder that writes text.
  public let language: LanguageModel
  /// One module for each token beyond the next; the first predicts the second token ahead.
  public let modules: [PredictionModule]

  /// Joins a decoder and its modules.
  public init(language: LanguageModel, modules: [PredictionModule]) {
    self.language = language
    self.modules = modules
  }

  /// The weights under their checkpoint names; the modules are numbered behind the layers.
  public var parts: KeyValuePairs<String, any Part> {
    [
      "model": language.body, "lm_head": language.head,
      "model.layers": Parts(modules, from: language.body.blocks.count),
    ]
  }

  /// The same decoder without its modules, as it writes text.
  public var withoutModules: DeepSeekModel { DeepSeekModel(language: language, modules: []) }
}

extension DeepSeekModel: StorableModel {
  // snippet.factory
  /// Creates the model that a configuration describes, with fresh weights.
  public init(_ sizes: DecoderConfiguration, seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    let language = sizes.model(
      using: &generator, attention: { _, generator in sizes.attention(using: &generator) },
      feedForward: { layer, generator in sizes.feedForward(layer: layer, using: &generator) })
    self.language = language
    modules = (0..<sizes.predictors).map { depth in
      PredictionModule(
        sizes, layer: sizes.layers + depth, sharing: language, using: &generator)
    }
  }
  // snippet.end

  /// The same model without the modules that a checkpoint has left out.
  ///
  /// Other programs drop them when they save.
  public func fitted(to stored: StoredTensors) -> DeepSeekModel {
    let first = language.body.blocks.count
    let kept = modules.indices.prefix {
      stored.contains("model.layers.\(first + $0).eh_proj.weight")
    }
    return DeepSeekModel(language: language, modules: kept.map { modules[$0] })
  }

  /// Refuses nothing: every valid configuration has its model here.
  public static func check(
    _ configuration: DecoderConfiguration
  ) throws(CheckpointError) {}

  /// Lets every layer learn from what a whole step observed.
  public func adapt(to observations: Observations, _ coefficients: Coefficients) {
    language.adapt(to: observations, coefficients)
    for module in modules { module.block.feedForward.adapt(to: observations, coefficients) }
  }
}
