import Attention
import Checkpoints
import Foundation
import MTP
import RL
import SmallR1
import Tensors

extension DecoderConfiguration {
  /// The sizes of this chapter's models with narrow layers, quick enough for tests.
  static let narrowTongues: DecoderConfiguration = {
    var sizes = BilingualBase.model
    (sizes.width, sizes.feedForwardWidth, sizes.layers, sizes.heads) = (32, 48, 2, 2)
    (sizes.keyValueHeads, sizes.headWidth) = (2, 8)
    sizes.latentAttention = LatentAttentionSizes(
      queryRank: nil, keyValueRank: 16, contentWidth: 8, rotaryWidth: 8, valueWidth: 16)
    sizes.experts?.count = 4
    sizes.experts?.width = 16
    sizes.initializerRange = 0.15
    return sizes
  }()
}

/// A narrow base that has read sums of two digits in two tongues, and requests, for a second or two.
enum TinyBase {
  static let weights: [Tensor] = {
    let mix = QuestionMix([
      .init(.sum, size: 2, weight: 4, thinking: 0.5), .init(.copying, size: 3),
      .init(.sorting, size: 3), .init(.request, size: 4, weight: 2),
    ])
    var plan = BilingualBase.plan
    (plan.steps, plan.sequences, plan.length, plan.rate) = (150, 32, 20, 5e-3)
    let source = BilingualSource(mix, sequences: 32, length: 20, seed: 1)
    var trainer = Trainer(
      DeepSeekModel(.narrowTongues, seed: 7), plan: plan, batches: source)
    while !trainer.isFinished {
      guard (try? trainer.takeStep()) != nil else { break }
    }
    return trainer.model.namedParameters.map(\.parameter.value)
  }()

  /// A model with these weights.
  static func model() -> DeepSeekModel {
    let model = DeepSeekModel(.narrowTongues, seed: 7)
    for (entry, value) in zip(model.namedParameters, weights) { entry.parameter.value = value }
    return model
  }

  /// A model of the same sizes whose weights nobody needs.
  static func twin() -> DeepSeekModel { DeepSeekModel(.narrowTongues, seed: 8) }

  /// A plan of a second: sums of two digits.
  static func plan(requests: Double = 0) -> ReinforcementPlan {
    var plan = ReinforcementPlan()
    (plan.updates, plan.prompts, plan.samples, plan.budget) = (4, 6, 6, 12)
    (plan.smallest, plan.largest, plan.problems, plan.lookEvery) = (2, 2, 6, 2)
    plan.rate = 1e-3
    plan.reward = .consistent
    (plan.requests, plan.requestsAfter) = (requests, 0.5)
    return plan
  }

  /// A reward model that has learnt from a few pairs of this base's answers.
  static func people() throws -> RewardModel {
    var plan = RewardPlan()
    (plan.asked, plan.batch, plan.rate) = (300, 16, 2e-3)
    let model = RewardModel(from: model().language, in: twin().language)
    _ = try PreferenceData(of: [TinyBase.model().language], plan).train(model, plan)
    return model
  }
}

extension Module {
  var values: [Tensor] { namedParameters.map(\.parameter.value) }
}

extension JudgedReply {
  /// A reply to a question, written as text with `<think>` as `(` and `</think>` as `)`, ended by `.`.
  init(_ text: String, to question: Question) {
    let alphabet = TaskAlphabet.bilingual
    let tokens = text.map { character -> Int in
      switch character {
      case "(": alphabet.think
      case ")": alphabet.endThink
      case ".": alphabet.end
      default: alphabet.encode(String(character))[0]
      }
    }
    let response = Response(
      tokens: tokens, logProbabilities: tokens.map { _ in 0 }, isTruncated: !text.hasSuffix(".")
    )
    self.init(response, to: question, in: alphabet)
  }
}
