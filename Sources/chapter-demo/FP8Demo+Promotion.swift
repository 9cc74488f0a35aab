import Attention
import Checkpoints
import CommandLine
import FP8
import Figures
import Tensors
import Text

extension FP8Demo {
  private static let length = 32

  /// A dense model; its longest sums have 128 products, those over the tokens of a step.
  private static let dense = DecoderConfiguration(
    vocabularySize: 257, width: 32, feedForwardWidth: 64, layers: 2, heads: 4,
    maximumPositions: length, tiesEmbeddings: true, endTokens: [256])

  /// Trains with sums of few bits, promoted and not, beside exact ones.
  mutating func comparePromotion() throws {
    let steps = 60
    Console.print(
      "\(steps) steps with the sums of a tensor core; no sum has more than 128 products")
    let corpus = Corpus.builtIn(bytes: 300_000, validationBytes: 1_000, seed: seed)
    let tokens = Tokenizer.bytes(special: ["<end>"]).encode(corpus.training)
    var plan = TrainingPlan(
      steps: steps, sequences: 4, length: Self.length, rate: 3e-3,
      schedule: .cosine(warmup: 10), seed: seed)
    plan.shards = 1
    func losses(_ accumulator: HopperAccumulator?) throws -> [Double] {
      let model = Self.dense.model(seed: seed)
      let products: any MatrixProduct =
        accumulator.map { HopperProduct(accumulator: $0) } ?? SinglePrecision()
      var trainer = try Trainer(model, plan: plan, tokens: tokens, products: products)
      return try (0..<steps).map { _ in try trainer.takeStep().loss }
    }
    let ways: [(key: String, name: String, accumulator: HopperAccumulator?)] = [
      ("fp32", "FP32", nil),
      ("bits-13", "13 bits", HopperAccumulator(promotingEvery: nil)),
      ("bits-8", "8 bits", HopperAccumulator(fractionBits: 8, promotingEvery: nil)),
      ("bits-3", "3 bits", HopperAccumulator(fractionBits: 3, promotingEvery: nil)),
      (
        "bits-3-promoted", "3 bits, promoted",
        HopperAccumulator(fractionBits: 3, promotingEvery: 32)
      ),
    ]
    var series: [LineChart.Series] = []
    var reference: [Double] = []
    for (index, way) in ways.enumerated() {
      let found = try losses(way.accumulator)
      if index == 0 { reference = found }
      let smoothed = PrecisionTrial.smoothed(found)
      let all = PrecisionTrial.relativeDifferences(of: found, from: reference)
      let late = all[(steps / 2)...]
      let mean = late.reduce(0, +) / Double(late.count)
      report(
        way.name,
        "loss \(Self.digits(smoothed.last ?? 0, 4)), late difference on average "
          + Self.percent(mean))
      note("promotion.\(way.key).loss", smoothed.last ?? 0)
      note("promotion.\(way.key).late-signed", 100 * mean)
      series.append(
        .init(way.name, zip(1..., smoothed).map { (Double($0), $1) }, ink: .series(index)))
    }
    Console.print()
    draw(
      "promotion",
      LineChart(
        title: "Training with sums that forget",
        description:
          "The smoothed loss of a small dense model over its training, in FP32 and in E4M3 with sums "
          + "of 13, 8 and 3 bits of fraction, the last with and without promotion every 32 products. "
          + "The five curves lie on each other: signs differ, sums are short, and nothing is lost.",
        xLabel: "step", yLabel: "smoothed loss (nats a byte)", series: series))
  }
}
