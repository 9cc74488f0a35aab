import Attention
import Checkpoints
import CommandLine
import Figures
import Foundation
import MLA
import Tensors
import Text

extension MLADemo {
  /// Shows which pairs of V3's rotation YaRN keeps, blends and slows.
  mutating func stretch() {
    let scaling = YaRNScaling(factor: 40, originalPositions: 4096, mscale: 1, mscaleAllDim: 1)
    let yarn = YaRN(scaling, width: 64, theta: 10_000)
    let plain = RotaryEmbedding(width: 64, theta: 10_000).frequencies
    let sorts = zip(plain, yarn.frequencies).map { old, new in
      new == old ? 0 : abs(new * 40 / old - 1) < 1e-9 ? 2 : 1
    }
    let counts = (0...2).map { sort in sorts.count { $0 == sort } }
    Console.print("YaRN from 4096 to 163840 positions, the 32 pairs of V3")
    report(
      "pairs",
      "\(counts[0]) kept, \(counts[1]) blended, \(counts[2]) slowed by 40 "
        + "(low \(Self.digits(yarn.low, 0)), high \(Self.digits(yarn.high, 0)))")
    report("scores", "times m² = \(Self.digits(yarn.sharpening, 4))")
    Console.print()
    note("yarn.low", yarn.low)
    note("yarn.high", yarn.high)
    note("yarn.kept", counts[0])
    note("yarn.blended", counts[1])
    note("yarn.slowed", counts[2])
    note("yarn.sharpening", yarn.sharpening)
    let turns = { (frequency: Double) in frequency * 4096 / (2 * .pi) }
    for pair in [0, 10, 16, 23, 31] {
      note("yarn.turns-\(pair)", turns(plain[pair]))
      note("yarn.turns-stretched-\(pair)", turns(yarn.frequencies[pair]))
    }
    func curve(_ frequencies: [Double]) -> [(x: Double, y: Double)] {
      frequencies.enumerated().map { (Double($0.offset), turns($0.element)) }
    }
    draw(
      "yarn",
      LineChart(
        title: "Fast clocks stay, slow clocks are slowed",
        description:
          "Turns over 4096 positions of each of the 32 rotary pairs, on a logarithmic scale. YaRN's "
          + "curve follows the plain one up to pair 10, where pairs turn 32 times and more, and the "
          + "slowed one from pair 23 on, where they turn less than once.",
        xLabel: "rotary pair", yLabel: "turns over 4096 positions", yScale: .logarithmic,
        series: [
          .init("plain", curve(plain), ink: .neutral),
          .init("all slowed by 40", curve(plain.map { $0 / 40 }), ink: .peer),
          .init("YaRN", curve(yarn.frequencies), ink: .key, hasMarkers: true),
        ],
        references: [
          .init("32 turns: β fast", y: 32), .init("one turn: β slow", y: 1),
        ]))
  }

  /// Lets a trained model read texts four times as long as those that it learnt from, as it is and
  /// after a few steps on such texts.
  mutating func readFurther(
    with trained: (model: LanguageModel, sizes: DecoderConfiguration)
  ) throws {
    let corpus = Corpus.builtIn(bytes: 200_000, validationBytes: 32_000, seed: seed + 1)
    let tokenizer = Tokenizer.bytes(special: ["<end>"])
    let tokens = tokenizer.encode(corpus.training)
    let held = try Batch.windows(
      of: tokenizer.encode(corpus.validation), length: 4 * Self.length, sequences: 4)
    Console.print("A model that learnt from \(Self.length) bytes reads \(4 * Self.length)")
    var series: [LineChart.Series] = []
    for (key, name, scaling) in Self.scalings {
      var sizes = trained.sizes
      sizes.ropeScaling = scaling
      let model = sizes.withOwnAttention(seed: 0)
      for (new, old) in zip(model.namedParameters, trained.model.namedParameters) {
        new.parameter.value = old.parameter.value
      }
      let ink: Ink = scaling == nil ? .series(0) : .series(1)
      series.append(record(key, name, held.lossesByPlace(of: model, parts: 8), ink))
      try Self.continueLonger(model, tokens, seed: seed)
      let again: Ink = scaling == nil ? .series(2) : .series(3)
      series.append(
        record(
          "\(key)-tuned", "\(name), \(Self.moreSteps) steps later",
          held.lossesByPlace(of: model, parts: 8), again))
    }
    Console.print()
    note("further.steps", Self.moreSteps)
    draw(
      "further",
      LineChart(
        title: "Beyond the length of the training",
        description:
          "Loss over the place in texts of 512 bytes, of a model that learnt from 128 bytes: with its "
          + "rotation as it was and with YaRN, at once and after some steps on longer texts.",
        xLabel: "place in the text (the training ended at 128)", yLabel: "loss (nats a byte)",
        series: series))
  }

  private static let moreSteps = 30

  private static let scalings: [(key: String, name: String, scaling: RopeScaling?)] = [
    ("plain", "plain", nil),
    (
      "yarn", "YaRN",
      .yarn(YaRNScaling(factor: 4, originalPositions: length, mscale: 1, mscaleAllDim: 1))
    ),
  ]

  private static func continueLonger(
    _ model: LanguageModel, _ tokens: [Int], seed: UInt64
  ) throws {
    let plan = TrainingPlan(
      steps: moreSteps, sequences: 4, length: 4 * length, rate: 1e-3,
      schedule: .cosine(warmup: 5), seed: seed)
    var trainer = try Trainer(model, plan: plan, tokens: tokens)
    while !trainer.isFinished { _ = try trainer.takeStep() }
  }

  private mutating func record(
    _ key: String, _ name: String, _ losses: [Double], _ ink: Ink
  ) -> LineChart.Series {
    let beyond = losses[2...].reduce(0, +) / Double(losses.count - 2)
    let within = (losses[0] + losses[1]) / 2
    report(
      key,
      "up to \(Self.length): \(Self.digits(within, 3)), beyond: \(Self.digits(beyond, 3)), "
        + "at the end: \(Self.digits(losses[7], 3))")
    note("further.\(key)-within", within)
    note("further.\(key)-beyond", beyond)
    for (index, loss) in losses.enumerated() { note("further.\(key)-\(index)", loss) }
    let places = losses.enumerated().map { index, loss in
      (x: (Double(index) + 0.5) * Double(Self.length) / 2, y: loss)
    }
    return .init(name, places, ink: ink, hasMarkers: true)
  }
}

extension [Batch] {
  /// The mean loss in each of some equal parts of the sequences, from the first places to the last.
  fileprivate func lossesByPlace(of model: LanguageModel, parts: Int) -> [Double] {
    let losses = Threads.map(count) { index in
      let batch = self[index]
      let pass = Pass(
        Sequences(count: batch.sequences, length: batch.length), on: Tape(recording: false))
      let logits = model.logits(batch.inputs, in: pass).value.logSoftmaxed()
      return logits.picked(at: batch.targets.map { $0 == Batch.ignored ? 0 : $0 }).scalars
    }
    var (sums, counts) = (
      [Double](repeating: 0, count: parts), [Double](repeating: 0, count: parts)
    )
    for (batch, losses) in zip(self, losses) {
      for (place, target) in batch.targets.enumerated() where target != Batch.ignored {
        let part = place % batch.length * parts / batch.length
        sums[part] -= Double(losses[place])
        counts[part] += 1
      }
    }
    return zip(sums, counts).map { $0 / $1 }
  }
}
