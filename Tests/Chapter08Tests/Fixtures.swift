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
    sizes.keyValueHeads = 2
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

/// A narrow base that answers sums of one to three digits, not always wrongly.
///
/// So there is something to reinforce. It is trained once for all tests.
enum GuessingBase {
  static let weights: [String: Tensor] = {
    let mix = TaskMix((1...3).map { TaskMix.Entry(.digitSum, size: $0) })
    var plan = Reasoner.plan
    (plan.steps, plan.sequences, plan.length, plan.rate) = (80, 16, 12, 3e-3)
    let source = ExampleSource(mix, sequences: 16, length: 12, seed: 1)
    var trainer = Trainer(Reasoner.model.smaller, plan: plan, batches: source)
    while !trainer.isFinished {
      guard (try? trainer.takeStep()) != nil else { break }
    }
    return Dictionary(
      trainer.model.namedParameters.map { ($0.name, $0.parameter.value) },
      uniquingKeysWith: { first, _ in first })
  }()

  /// A model with these weights, and fresh ones where it has more parts.
  static func model(predictors: Int = 0) -> DeepSeekModel {
    var sizes = Reasoner.model.narrow
    sizes.predictors = predictors
    let model = DeepSeekModel(sizes, seed: 7)
    for (name, parameter) in model.namedParameters {
      if let value = weights[name] { parameter.value = value }
    }
    return model
  }
}
