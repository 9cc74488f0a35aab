import Attention
import Checkpoints
import CommandLine
import FP8
import Tensors
import Text

/// Ways to add up the same products of codes.
private enum Sums: String, CaseIterable {
  case exact = "in FP32"
  case plain = "13 bits"
  case promoted = "13 bits, promoted"
  case few = "8 bits"
  case fewPromoted = "8 bits, promoted"

  var key: String {
    switch self {
    case .exact: "exact"
    case .plain: "bits-13"
    case .promoted: "bits-13-promoted"
    case .few: "bits-8"
    case .fewPromoted: "bits-8-promoted"
    }
  }

  var products: HopperProduct {
    switch self {
    case .exact: HopperProduct(accumulator: nil)
    case .plain: HopperProduct(accumulator: HopperAccumulator(promotingEvery: nil))
    case .promoted: HopperProduct(accumulator: HopperAccumulator())
    case .few:
      HopperProduct(accumulator: HopperAccumulator(fractionBits: 8, promotingEvery: nil))
    case .fewPromoted: HopperProduct(accumulator: HopperAccumulator(fractionBits: 8))
    }
  }
}

extension FP8Demo {
  private static let longLength = 64
  private static let longSequences = 32

  /// A layer with 2048 inner channels: the sums over them, and over a step's tokens, have 2048 terms.
  private static let wide = DecoderConfiguration(
    vocabularySize: 257, width: 32, feedForwardWidth: 2048, layers: 1, heads: 4,
    maximumPositions: longLength, tiesEmbeddings: true, endTokens: [256])

  /// Trains with sums of 2048 terms, promoted and not, and compares losses and gradients.
  mutating func compareLongSums() throws {
    let steps = 40
    let corpus = Corpus.builtIn(bytes: 300_000, validationBytes: 1_000, seed: seed)
    let tokens = Tokenizer.bytes(special: ["<end>"]).encode(corpus.training)
    var plan = TrainingPlan(
      steps: steps, sequences: Self.longSequences, length: Self.longLength, rate: 3e-3,
      schedule: .cosine(warmup: 10), seed: seed)
    plan.shards = 1
    Console.print("\(steps) steps with sums of \(plan.tokensPerStep) products")
    note("long-sums.terms", plan.tokensPerStep)
    note("long-sums.steps", steps)
    let batch = try Batch.windows(
      of: Array(tokens.suffix(plan.tokensPerStep + 1)), length: Self.longLength,
      sequences: Self.longSequences)[0]
    let fresh = Self.wide.model(seed: seed)
    compareGradients(of: fresh, on: batch, "first")
    var reference: [Double] = []
    for sums in Sums.allCases {
      let model = Self.wide.model(seed: seed)
      var trainer = try Trainer(model, plan: plan, tokens: tokens, products: sums.products)
      let found = try (0..<steps).map { _ in try trainer.takeStep().loss }
      if sums == .exact {
        reference = found
        compareGradients(of: model, on: batch, "last")
      }
      let all = PrecisionTrial.relativeDifferences(of: found, from: reference)
      let late = all[(steps / 2)...]
      let size = late.reduce(0) { $0 + abs($1) } / Double(late.count)
      let signed = late.reduce(0, +) / Double(late.count)
      report(
        sums.rawValue,
        "smoothed loss \(Self.digits(PrecisionTrial.smoothed(found).last ?? 0, 4)), late difference "
          + "\(Self.percent(size)) in size, \(Self.percent(signed)) with its sign")
      note("long-sums.\(sums.key).late-mean", 100 * size)
      note("long-sums.\(sums.key).late-signed", 100 * signed)
    }
    Console.print()
  }

  /// How far the weights' gradients lie from those with exact sums, and how much shorter they are.
  private mutating func compareGradients(
    of model: LanguageModel, on batch: Batch, _ moment: String
  ) {
    let maps = model.namedParameters.filter { $0.name.hasSuffix("_proj.weight") }
    func gradients(_ products: any MatrixProduct) -> [[Double]] {
      let tape = Tape(products: products)
      let all = tape.gradients(of: model.loss(of: batch, on: tape))
      return maps.map { map in (all[map.parameter]?.scalars ?? []).map { Double($0) } }
    }
    let exact = gradients(Sums.exact.products)
    let others: [(key: String, name: String, products: any MatrixProduct)] =
      [("fp32", "nothing rounded", SinglePrecision())]
      + Sums.allCases.dropFirst().map { ($0.key, $0.rawValue, $0.products) }
    for other in others {
      var (lost, along, all) = (0.0, 0.0, 0.0)
      for (found, exact) in zip(gradients(other.products), exact) {
        for (x, y) in zip(found, exact) {
          lost += (x - y) * (x - y)
          along += x * y
          all += y * y
        }
      }
      let (error, shrinking) = ((lost / all).squareRoot(), 1 - along / all)
      report(
        other.name,
        "\(moment) gradient: error \(Self.percent(error, 3)), shorter by \(Self.percent(shrinking, 3))"
      )
      note("long-sums.\(other.key).\(moment)-error", 100 * error)
      note("long-sums.\(other.key).\(moment)-shorter", 100 * shrinking)
    }
  }
}
