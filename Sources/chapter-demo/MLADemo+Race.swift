import Attention
import Checkpoints
import CommandLine
import Figures
import Foundation
import MLA
import Tensors
import Text

extension MLADemo {
  static let length = 128

  /// A sort of attention in a model of which all else is alike.
  struct Kind {
    let key, name: String
    let configuration: DecoderConfiguration
    /// Whether Muon takes the maps that share a matrix for one.
    let isMovedWhole: Bool

    /// The width inside the feed-forward layers makes up for what the attention takes.
    init(
      _ key: String, _ name: String, keyHeads: Int = 6, latent: LatentAttentionSizes? = nil,
      theta: Double = 10_000, isMovedWhole: Bool = false
    ) {
      (self.key, self.name, self.isMovedWhole) = (key, name, isMovedWhole)
      func sizes(_ hidden: Int) -> DecoderConfiguration {
        DecoderConfiguration(
          vocabularySize: 257, width: 96, feedForwardWidth: hidden, layers: 3, heads: 6,
          keyValueHeads: keyHeads, headWidth: 16, maximumPositions: MLADemo.length,
          ropeTheta: theta, tiesEmbeddings: true, endTokens: [256], latentAttention: latent,
          ropeInterleaved: latent != nil)
      }
      let few = sizes(1).parameterCount ?? 0
      let each = (sizes(2).parameterCount ?? 0) - few
      configuration = sizes((Self.weights - few + each / 2) / max(each, 1) + 1)
    }

    /// As many as multi-head attention has beside a feed-forward width of 256.
    static let weights = 357_120

    static func latent(_ rank: Int, rotary: Int) -> LatentAttentionSizes {
      LatentAttentionSizes(
        queryRank: nil, keyValueRank: rank, contentWidth: 16, rotaryWidth: rotary,
        valueWidth: 16)
    }

    // snippet.kinds
    /// One MLA keeps as much as GQA, the other as little as MQA; V2's proportions are 4 heads for
    /// the latent and half a head for the rotary key.
    static var all: [Kind] {
      [
        Kind("mha", "MHA"), Kind("gqa", "GQA", keyHeads: 2), Kind("mqa", "MQA", keyHeads: 1),
        Kind("mla", "MLA 48 + 16", latent: latent(48, rotary: 16)),
        Kind("mla-narrow", "MLA 16 + 16", latent: latent(16, rotary: 16)),
        Kind("mla-v2", "MLA 64 + 8", latent: latent(64, rotary: 8)),
      ]
    }
    // snippet.end

    /// What becomes of a loss when one thing is changed.
    static var trials: [Kind] {
      [
        Kind("mla-whole", "MLA 48 + 16 *", latent: latent(48, rotary: 16), isMovedWhole: true),
        Kind("mha-fast", "MHA, Θ = 100", theta: 100),
        Kind("mla-v2-fast", "MLA 64 + 8, Θ = 100", latent: latent(64, rotary: 8), theta: 100),
      ]
    }

    func model(seed: UInt64) -> LanguageModel {
      let model = configuration.withOwnAttention(seed: seed)
      if isMovedWhole {
        for (_, parameter) in model.namedParameters where parameter.maps.count > 1 {
          parameter.maps = [parameter.value.rows]
        }
      }
      return model
    }
  }

  /// Trains models of equal size that differ in their attention, and returns one with MLA.
  mutating func race() throws -> (model: LanguageModel, sizes: DecoderConfiguration) {
    let seeds = (0..<(isThorough ? 3 : 2)).map { seed + UInt64($0) }
    let steps = isThorough ? 140 : 30
    Console.print(
      "Models of equal size learn the built-in corpus: \(steps) steps, \(seeds.count) seeds")
    note("race.seeds", seeds.count)
    note("race.steps", steps)
    let text = try RaceText(seed: seed)
    note("race.floor", text.floor)
    var losses: [[Double]] = []
    var latent: (LanguageModel, DecoderConfiguration)?
    let kinds = isThorough ? Kind.all + Kind.trials : Kind.all
    for kind in kinds {
      let models = seeds.map { kind.model(seed: $0) }
      for (model, seed) in zip(models, seeds) {
        try text.train(model, steps: steps, seed: seed)
      }
      losses.append(models.map { $0.evaluate(text.held) })
      if kind.key == "mla" { latent = (models[0], kind.configuration) }
      record(kind, losses[losses.count - 1])
    }
    compare(kinds, losses)
    drawRace(kinds, losses)
    guard let latent else { fatalError("race: MLA is one of the kinds") }
    return latent
  }

  private mutating func record(_ kind: Kind, _ losses: [Double]) {
    let cache = kind.configuration.cacheBytesPerToken()
    let spread = Spread(losses)
    report(
      kind.name,
      "\(kind.configuration.parameterCount ?? 0) weights, \(cache) cache bytes a token, "
        + "validation loss \(Self.digits(spread.mean, 3)) ± \(Self.digits(spread.deviation, 3))"
    )
    note("race.\(kind.key).weights", kind.configuration.parameterCount ?? 0)
    note("race.\(kind.key).hidden", kind.configuration.feedForwardWidth)
    note("race.\(kind.key).cache", cache)
    note(
      "race.\(kind.key).cache-share",
      Double(cache) / Double(Kind.all[0].configuration.cacheBytesPerToken()))
    note("race.\(kind.key).loss", spread.mean)
    note("race.\(kind.key).deviation", spread.deviation)
    for (index, loss) in losses.enumerated() { note("race.\(kind.key).loss-\(index)", loss) }
  }

  /// Takes the differences from MHA seed by seed: what a lucky text does to all is not in them.
  private mutating func compare(_ kinds: [Kind], _ losses: [[Double]]) {
    for (index, kind) in kinds.enumerated().dropFirst() {
      let spread = Spread(zip(losses[index], losses[0]).map { $0 - $1 })
      report(
        "",
        "\(kind.name) − MHA: \(Self.digits(spread.mean, 3)), "
          + "standard error \(Self.digits(spread.error, 3))")
      note("race.\(kind.key).difference", spread.mean)
      note("race.\(kind.key).error", spread.error)
    }
    if isThorough { report("", "* its latent and its rotary key moved as one matrix") }
    report("V2, Table 8", "7B dense, MMLU: MHA 45.2, GQA 41.2, MQA 37.9")
    report(
      "V2, Table 9", "16B experts, MMLU: MHA 48.7 with 110.6K numbers, MLA 50.0 with 15.6K")
    Console.print()
  }

  /// Draws the race, and the model whose maps were moved as one.
  private mutating func drawRace(_ kinds: [Kind], _ losses: [[Double]]) {
    let series = kinds.prefix(Kind.all.count + 1).enumerated().map { index, kind in
      let cache = Double(kind.configuration.cacheBytesPerToken())
      // As much as another keeps: a step aside, so that both can be seen.
      let aside =
        kind.configuration.latentAttention == nil ? 1 : kind.isMovedWhole ? 1.08 : 1.04
      return LineChart.Series(
        kind.name, losses[index].sorted().map { (cache * aside, $0) }, ink: .series(index),
        hasMarkers: true)
    }
    draw(
      "race",
      LineChart(
        title: "Equal models, unequal caches",
        description:
          "Validation loss over cache bytes a token, a dot for each seed. Whole, grouped and single "
          + "keys and a latent of 48 numbers lie together, although their caches differ by a factor "
          + "of six. A latent of 16 numbers and a rotary key of 8 lie a little above. Highest, marked "
          + "with a star, lies a model whose latent and rotary key were moved as one matrix.",
        xLabel: "cache bytes a token", yLabel: "validation loss (nats a byte)",
        xScale: .logarithmic, series: series))
  }
}

/// The text of the race, and how a model is trained on it.
private struct RaceText {
  let tokens: [Int]
  let held: [Batch]
  let floor: Double

  init(seed: UInt64) throws {
    let corpus = Corpus.builtIn(bytes: 400_000, validationBytes: 24_000, seed: seed)
    let tokenizer = Tokenizer.bytes(special: ["<end>"])
    tokens = tokenizer.encode(corpus.training)
    held = try Batch.windows(
      of: tokenizer.encode(corpus.validation), length: MLADemo.length, sequences: 8)
    floor = corpus.entropy?.natsPerByte ?? 0
  }

  func train(_ model: LanguageModel, steps: Int, seed: UInt64) throws {
    var plan = TrainingPlan(
      steps: steps, sequences: 8, length: MLADemo.length, rate: 5e-3,
      schedule: .cosine(warmup: 20), seed: seed)
    plan.shards = 4
    plan.rule = .muon
    var trainer = try Trainer(model, plan: plan, tokens: tokens)
    while !trainer.isFinished { _ = try trainer.takeStep() }
  }
}

/// The mean of some numbers, and how far they lie apart.
struct Spread {
  let mean, deviation, error: Double

  init(_ values: [Double]) {
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    self.mean = mean
    deviation = (squares / max(count - 1, 1)).squareRoot()
    error = deviation / count.squareRoot()
  }
}

extension DecoderConfiguration {
  /// A model with fresh weights whose attention is latent if there are sizes for it.
  func withOwnAttention(seed: UInt64) -> LanguageModel {
    var generator = SplitMix64(seed: seed)
    return model(
      using: &generator, attention: { _, generator in attention(using: &generator) },
      feedForward: { _, generator in SwiGLUFeedForward(self, using: &generator) })
  }
}
