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

  /// Lets a trained model read texts four times as long as those that it learnt from.
  mutating func readFurther(
    with trained: (model: LanguageModel, sizes: DecoderConfiguration)
  ) throws {
    let factor = 4
    let corpus = Corpus.builtIn(bytes: 100_000, validationBytes: 48_000, seed: seed + 1)
    let tokens = Tokenizer.bytes(special: ["<end>"]).encode(corpus.validation)
    let batches = try Batch.windows(of: tokens, length: factor * Self.length, sequences: 4)
    Console.print("A model that learnt from \(Self.length) bytes reads \(factor * Self.length)")
    var sizes = trained.sizes
    sizes.ropeScaling = .yarn(
      YaRNScaling(
        factor: Double(factor), originalPositions: Self.length, mscale: 1, mscaleAllDim: 1))
    let stretched = sizes.withOwnAttention(seed: 0)
    for (new, old) in zip(stretched.namedParameters, trained.model.namedParameters) {
      new.parameter.value = old.parameter.value
    }
    var curves: [LineChart.Series] = []
    let models: [(String, LanguageModel, Ink)] = [
      ("plain", trained.model, .neutral), ("yarn", stretched, .key),
    ]
    for (name, model, ink) in models {
      let losses = batches.lossesByPlace(of: model, parts: 2 * factor)
      report(name, losses.map { Self.digits($0, 3) }.joined(separator: ", "))
      for (index, loss) in losses.enumerated() { note("further.\(name)-\(index)", loss) }
      note("further.\(name)-within", (losses[0] + losses[1]) / 2)
      note("further.\(name)-beyond", losses[2...].reduce(0, +) / Double(losses.count - 2))
      let places = losses.enumerated().map { index, loss in
        (x: (Double(index) + 0.5) * Double(Self.length) / 2, y: loss)
      }
      curves.append(
        .init(name == "yarn" ? "YaRN, factor 4" : "plain", places, ink: ink, hasMarkers: true))
    }
    Console.print()
    draw(
      "further",
      LineChart(
        title: "Beyond the length of the training",
        description:
          "Loss over the place in texts of 512 bytes, of a model that learnt from 128 bytes, with "
          + "its rotation as it was and with YaRN.",
        xLabel: "place in the text (the training ended at 128)", yLabel: "loss (nats a byte)",
        series: curves))
  }
}

extension [Batch] {
  /// The mean loss in each of some equal parts of the sequences, from the first places to the last.
  fileprivate func lossesByPlace(of model: LanguageModel, parts: Int) -> [Double] {
    (0..<parts).map { part in
      model.evaluate(
        map { batch in
          let targets = batch.targets.enumerated().map { place, target in
            place % batch.length * parts / batch.length == part ? target : Batch.ignored
          }
          return Batch(
            inputs: batch.inputs, targets: targets, sequences: batch.sequences,
            length: batch.length)
        })
    }
  }
}
