import Attention
import Checkpoints
import MoE
import Tensors

extension NamedConfiguration {
  /// All of them, the default first.
  public static let all = [stories, smallV3, tinyV3, shakespeareV3] + dense

  /// The one with a name.
  public static func named(_ name: String) -> NamedConfiguration? {
    all.first { $0.name == name }
  }

  // snippet.stories
  /// A whole V3 in small: it writes little stories and adds up after three minutes on two cores.
  public static let stories = NamedConfiguration(
    name: "stories", summary: "a small V3 that learns the built-in corpus in three minutes",
    alphabet: .merged(vocabulary: 512),
    model: DecoderConfiguration(
      family: .deepseekV3, vocabularySize: 512, width: 128, feedForwardWidth: 256, layers: 4,
      heads: 4, maximumPositions: 256,
      latentAttention: LatentAttentionSizes(
        queryRank: nil, keyValueRank: 32, contentWidth: 16, rotaryWidth: 16, valueWidth: 32),
      experts: ExpertSizes(
        count: 8, active: 2, shared: 1, width: 96, scoring: .sigmoid, selection: .biased,
        normalizes: true, scale: 1, balanceWeight: 1e-4),
      predictors: 1),
    plan: {
      var plan = TrainingPlan(
        steps: 1000, sequences: 8, length: 256, rate: 5e-3, schedule: .trapezoid(warmup: 40))
      plan.rule = .muon
      plan.shards = 4
      plan.coefficients = courseOfV3
      return plan
    }())
  // snippet.end

  /// λ of the prediction loss and γ of the routing bias, as V3 changed them on its way.
  ///
  /// γ is larger than V3's 0.001: our trainings have a thousand steps, not a quarter of a million.
  private static var courseOfV3: [String: Schedule] {
    [
      Coefficient.predictionWeight.name: .predictionWeightOfV3,
      Coefficient.biasSpeed.name: Schedule(phases: [
        .init(until: 14.3 / 14.8, at: 0.01), .init(until: 1, at: 0),
      ]),
    ]
  }

  /// Ten million weights in the proportions of V3, to measure speed against other programs.
  public static let smallV3 = NamedConfiguration(
    name: "small-v3", summary: "has ten million weights in the proportions of V3",
    alphabet: .merged(vocabulary: 512),
    model: DecoderConfiguration(
      family: .deepseekV3, vocabularySize: 512, width: 256, feedForwardWidth: 704, layers: 6,
      heads: 8, maximumPositions: 1024,
      latentAttention: LatentAttentionSizes(
        queryRank: 96, keyValueRank: 64, contentWidth: 32, rotaryWidth: 16, valueWidth: 32),
      experts: ExpertSizes(
        count: 16, active: 4, shared: 1, width: 128, groups: 4, activeGroups: 2,
        scoring: .sigmoid, selection: .biased, normalizes: true, scale: 2.5)),
    plan: {
      var plan = TrainingPlan(
        steps: 1000, sequences: 8, length: 256, rate: 1e-3, schedule: .deepSeekV3(warmup: 40))
      plan.shards = 4
      plan.coefficients = courseOfV3
      return plan
    }())

  /// The smallest model with everything that V3 has, for tests.
  public static let tinyV3 = NamedConfiguration(
    name: "tiny-v3", summary: "goes through every step of a V3 training in seconds, for tests",
    alphabet: .bytes,
    model: DecoderConfiguration(
      family: .deepseekV3, vocabularySize: 256, width: 16, feedForwardWidth: 32, layers: 2,
      heads: 2, maximumPositions: 64,
      latentAttention: LatentAttentionSizes(
        queryRank: 12, keyValueRank: 8, contentWidth: 6, rotaryWidth: 4, valueWidth: 8),
      experts: ExpertSizes(
        count: 8, active: 2, shared: 1, width: 8, groups: 4, activeGroups: 2,
        scoring: .sigmoid, selection: .biased, normalizes: true, scale: 2.5,
        balanceWeight: 1e-4),
      predictors: 1),
    plan: {
      var plan = TrainingPlan(
        steps: 20, sequences: 4, length: 32, rate: 3e-3, schedule: .cosine(warmup: 4))
      plan.coefficients = courseOfV3
      return plan
    }())

  /// `shakespeare` with the parts of V3: as soon below a loss of 1.886 on tiny Shakespeare.
  ///
  /// The rotary base suits a context of 64. As in V3 the first layers are dense; one mixture, in
  /// which a token visits two of four experts and the shared one, has the dense layer's width.
  public static let shakespeareV3 = NamedConfiguration(
    name: "shakespeare-v3", summary: "does the same with latent attention and experts",
    alphabet: .bytes,
    model: DecoderConfiguration(
      family: .deepseekV3, vocabularySize: 256, width: 96, feedForwardWidth: 192, layers: 3,
      heads: 3, maximumPositions: 64, ropeTheta: 100,
      latentAttention: LatentAttentionSizes(
        queryRank: nil, keyValueRank: 32, contentWidth: 16, rotaryWidth: 16, valueWidth: 32),
      experts: ExpertSizes(
        count: 4, active: 2, shared: 1, width: 64, denseLayers: 2, scoring: .sigmoid,
        selection: .biased, normalizes: true, scale: 1, balanceWeight: 1e-4)),
    plan: {
      var plan = shakespeare.plan
      plan.decay = 0.1
      plan.coefficients = [
        Coefficient.biasSpeed.name: Schedule(phases: [.init(until: 1, at: 0.01)])
      ]
      return plan
    }())
}
