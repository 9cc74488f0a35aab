import Attention
import Checkpoints
import MTP
import MoE
import Tensors
import Text

/// Small V3s of several widths on the same batches: three fit a law, which then has to foretell the
/// loss of a fourth before it is trained.
public struct ScalingExperiment: Sendable {
  /// The widths that fit the law.
  public var widths = [32, 48, 72]
  /// The width that is foretold.
  public var next = 108
  /// The steps of each training.
  public var steps = 400
  /// The documents.
  public var bytes = 4_000_000
  /// The seed.
  public var seed: UInt64 = 0

  /// Creates the usual experiment.
  public init() {}

  /// What one size came to.
  public struct Trained: Sendable, Equatable, Codable {
    /// The width of its vectors.
    public let width: Int
    /// The weights that a token meets, without the table of token vectors.
    public let weights: Int
    /// The loss on held-out documents, in nats per byte.
    public let loss: Double
  }

  /// The outcome.
  public struct Result: Sendable, Equatable, Codable {
    /// The sizes that were fitted.
    public let fitted: [Trained]
    /// The law through them.
    public let law: ScalingLaw
    /// What the law says of the fourth size.
    public let predicted: Double
    /// What the fourth size reached.
    public let next: Trained
    /// The entropy of the text in nats per byte.
    public let floor: Double

    /// (predicted − reached) / reached.
    public var error: Double { predicted / next.loss - 1 }
  }

  /// Stories' model at another width, every other width in proportion.
  static func model(width: Int, vocabulary: Int, base: DecoderConfiguration)
    -> DecoderConfiguration
  {
    var sizes = base
    func scaled(_ full: Int, multiple: Int = 4) -> Int {
      max((full * width / base.width + multiple / 2) / multiple * multiple, multiple)
    }
    sizes.vocabularySize = vocabulary
    sizes.width = width
    sizes.feedForwardWidth = scaled(base.feedForwardWidth)
    if let latent = base.latentAttention {
      sizes.latentAttention = LatentAttentionSizes(
        queryRank: latent.queryRank.map { scaled($0) },
        keyValueRank: scaled(latent.keyValueRank),
        contentWidth: scaled(latent.contentWidth), rotaryWidth: scaled(latent.rotaryWidth),
        valueWidth: scaled(latent.valueWidth))
      sizes.headWidth = scaled(latent.rotaryWidth)
    }
    sizes.experts?.width = scaled(base.experts?.width ?? 4)
    return sizes
  }

  /// Runs it; `report` hears of the prediction before the fourth training begins.
  public func run(
    report: (String) -> Void = { _ in }
  ) throws -> Result? {
    let text = PretrainingText.builtIn(bytes: bytes, seed: seed)
    let base = NamedConfiguration.stories
    let tokenizer = try PretrainingTokens.tokenizer(
      learntFrom: text.training.prefix(3000).map { $0 },
      vocabularySize: base.alphabet.vocabularySize)
    let recipe = PretrainingRecipe.v3
    let plan = recipe.plan(for: base, steps: steps)
    let data = try PretrainingData(
      text, tokenizer, recipe: recipe, length: plan.length, sequences: plan.sequences,
      seed: seed)

    func train(_ width: Int) throws -> Trained {
      let sizes = Self.model(
        width: width, vocabulary: tokenizer.vocabularySize, base: base.model)
      var trainer = Trainer(
        DeepSeekModel(sizes, seed: seed), plan: plan, batches: data.training)
      while !trainer.isFinished { _ = try trainer.takeStep() }
      let loss = trainer.model.evaluate(data.validation) * data.tokensPerByte
      let trained = Trained(
        width: width, weights: ModelCensus(sizes)?.activated ?? 0, loss: loss)
      report("Width \(width): \(trained.weights) weights, loss \(loss).")
      return trained
    }

    let fitted = try widths.map(train)
    let points = fitted.map { ScalingLaw.Point(size: Double($0.weights), loss: $0.loss) }
    guard let law = ScalingLaw.fit(points) else { return nil }
    let sizes = Self.model(width: next, vocabulary: tokenizer.vocabularySize, base: base.model)
    let predicted = law.predict(Double(ModelCensus(sizes)?.activated ?? 0))
    report("Width \(next) is foretold to reach \(predicted).")
    return Result(
      fitted: fitted, law: law, predicted: predicted, next: try train(next),
      floor: text.floor ?? 0)
  }
}
