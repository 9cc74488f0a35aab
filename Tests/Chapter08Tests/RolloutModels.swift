import Attention
import Checkpoints
import MTP
import RL
import Tensors

extension DecoderConfiguration {
  /// A dense model of some thousand weights.
  static let dense = DecoderConfiguration(
    vocabularySize: 11, width: 16, feedForwardWidth: 24, layers: 2, heads: 4, keyValueHeads: 2,
    headWidth: 6, maximumPositions: 64, initializerRange: 0.3)

  /// A V3 of some thousand weights: latent attention, and experts behind a biased router.
  static var mixture: DecoderConfiguration {
    var sizes = NamedConfiguration.tinyV3.model
    sizes.vocabularySize = 11
    sizes.initializerRange = 0.3
    sizes.predictors = 0
    return sizes
  }

  /// The decoder of these sizes.
  func policy(seed: UInt64 = 1) -> LanguageModel { DeepSeekModel(self, seed: seed).language }
}

/// The prompts of the tests: of unequal lengths, one of them a single token.
let prompts = [[1, 2, 3], [4], [5, 6, 7, 8, 9], [3, 3, 1]]

/// Four responses to each prompt, with rewards that differ.
func sampledGroups(
  _ model: LanguageModel, temperature: Double = 1, seed: UInt64 = 5, samples: Int = 4
) -> [ResponseGroup] {
  let rollout = Rollout(
    samples: samples, budget: 12, stops: [0], temperature: temperature)
  return zip(prompts, model.responses(to: prompts, rollout, seed: seed)).map { prompt, all in
    ResponseGroup(
      prompt: prompt, responses: all, rewards: all.map { Double($0.tokens[0] % 3) / 2 })
  }
}

extension Gradients {
  /// All numbers of the gradients of a module's parameters, end to end.
  func all(of module: some Module) -> [Double] {
    module.parameters.flatMap { self[$0]?.scalars.map(Double.init) ?? [] }
  }
}
