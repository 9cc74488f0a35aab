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

    /// The width inside the feed-forward layers makes up for what the attention takes.
    init(_ key: String, _ name: String, keyHeads: Int = 6, latent: LatentAttentionSizes? = nil)
    {
      (self.key, self.name) = (key, name)
      func sizes(_ hidden: Int) -> DecoderConfiguration {
        DecoderConfiguration(
          vocabularySize: 257, width: 96, feedForwardWidth: hidden, layers: 3, heads: 6,
          keyValueHeads: keyHeads, headWidth: 16, maximumPositions: MLADemo.length,
          tiesEmbeddings: true, endTokens: [256], latentAttention: latent,
          ropeInterleaved: latent != nil)
      }
      let few = sizes(1).parameterCount ?? 0
      let each = (sizes(2).parameterCount ?? 0) - few
      configuration = sizes((Self.weights - few + each / 2) / max(each, 1) + 1)
    }

    /// As many as multi-head attention has beside a feed-forward width of 256.
    static let weights = 357_120

    static func latent(_ rank: Int) -> LatentAttentionSizes {
      LatentAttentionSizes(
        queryRank: nil, keyValueRank: rank, contentWidth: 16, rotaryWidth: 8, valueWidth: 16)
    }

    // snippet.kinds
    /// MLA in V2's proportions: a latent four heads wide, a rotary key of half a head.
    static var all: [Kind] {
      [
        Kind("mha", "MHA"), Kind("gqa", "GQA", keyHeads: 2), Kind("mqa", "MQA", keyHeads: 1),
        Kind("mla", "MLA", latent: latent(64)),
        Kind("mla-narrow", "narrow MLA", latent: latent(24)),
      ]
    }
    // snippet.end
  }

  /// Trains models of equal size that differ in their attention, and returns one with MLA.
  mutating func race() throws -> (model: LanguageModel, sizes: DecoderConfiguration) {
    let seeds = (0..<(isThorough ? 6 : 2)).map { seed + UInt64($0) }
    Console.print(
      "Five models of equal size learn the built-in corpus from \(seeds.count) seeds")
    note("race.seeds", seeds.count)
    let text = try RaceText(seed: seed)
    note("race.floor", text.floor)
    var losses: [[Double]] = []
    var latent: LanguageModel?
    for kind in Kind.all {
      let models = seeds.map { kind.configuration.withOwnAttention(seed: $0) }
      for (model, seed) in zip(models, seeds) { try text.train(model, seed: seed) }
      losses.append(models.map { $0.evaluate(text.held) })
      if kind.key == "mla" { latent = models[0] }
      record(kind, losses[losses.count - 1])
    }
    compare(losses)
    drawRace(losses, floor: text.floor)
    guard let latent else { fatalError("race: MLA is one of the kinds") }
    return (latent, Kind.all[3].configuration)
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
    note("race.\(kind.key).cache-share", Double(cache) / 1152)
    note("race.\(kind.key).loss", spread.mean)
    note("race.\(kind.key).deviation", spread.deviation)
    for (index, loss) in losses.enumerated() { note("race.\(kind.key).loss-\(index)", loss) }
  }

  /// Takes the differences from MHA seed by seed: what a lucky text does to all is not in them.
  private mutating func compare(_ losses: [[Double]]) {
    for (index, kind) in Kind.all.enumerated().dropFirst() {
      let spread = Spread(zip(losses[index], losses[0]).map { $0 - $1 })
      report(
        "",
        "\(kind.name) − MHA: \(Self.digits(spread.mean, 3)), "
          + "standard error \(Self.digits(spread.error, 3))")
      note("race.\(kind.key).difference", spread.mean)
      note("race.\(kind.key).error", spread.error)
    }
    Console.print()
  }

  private mutating func drawRace(_ losses: [[Double]], floor: Double) {
    let series = Kind.all.enumerated().map { index, kind in
      let cache = Double(kind.configuration.cacheBytesPerToken())
      // The narrow MLA keeps as much as MQA: a step aside, so that both can be seen.
      let place = kind.key == "mla-narrow" ? cache * 1.04 : cache
      return LineChart.Series(
        kind.name, losses[index].sorted().map { (place, $0) }, ink: .series(index),
        hasMarkers: true)
    }
    draw(
      "race",
      LineChart(
        title: "Equal models, unequal caches",
        description:
          "Validation loss over cache bytes a token of five attentions, a dot for each seed. The "
          + "seeds of one attention lie as far apart as the attentions do.",
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

  func train(_ model: LanguageModel, seed: UInt64) throws {
    var plan = TrainingPlan(
      steps: 100, sequences: 8, length: MLADemo.length, rate: 5e-3,
      schedule: .cosine(warmup: 15), seed: seed)
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
