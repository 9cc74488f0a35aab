import Attention
import Checkpoints
import CommandLine
import FP8
import Figures
import Foundation
import MTP
import Tensors
import Text

extension FP8Demo {
  private static let batch: (model: NamedConfiguration, tokens: [Int]) = {
    var generator = SplitMix64(seed: 1)
    let model = NamedConfiguration.stories
    let tokens = (0..<20_000).map { _ in
      Int(generator.uniform() * Double(model.model.vocabularySize))
    }
    return (model, tokens)
  }()

  /// The bytes of tensors that somebody holds.
  private static var bytesInUse: Int { TensorMemory.heldBytes - TensorMemory.idleBytes }

  /// Counts what a tape keeps for the way back, and what the weights need for products.
  mutating func measureMemory() throws {
    let (configuration, tokens) = Self.batch
    let sequence = tokens[...configuration.plan.length]
    let batch = Batch(
      inputs: Array(sequence.dropLast()), targets: Array(sequence.dropFirst()), sequences: 1,
      length: configuration.plan.length)
    Console.print(
      "What \"\(configuration.name)\" keeps in memory for a sequence of \(batch.length) tokens")
    var found: [(tape: Double, forms: Double, moments: Double)] = []
    for precision in Precision.allCases {
      let model = DeepSeekModel(configuration.model, seed: seed)
      let products = precision.products(for: model)
      let before = Self.bytesInUse
      do {
        let tape = Tape(products: products)
        _ = tape.gradients(of: model.loss(of: batch, on: tape))
      }
      let forms = Self.bytesInUse - before
      let tape = Tape(products: products)
      let loss = model.loss(of: batch, on: tape)
      let kept = Self.bytesInUse - before - forms
      withExtendedLifetime((tape, loss)) {}
      var plan = configuration.plan
      plan.rule = .adamW
      let optimizer = precision.optimizer(for: plan, model)
      let moments =
        (optimizer as? BrainAdamW)?.byteCount
        ?? optimizer.state.filter { $0.name.hasSuffix("_moment") }
        .reduce(0) { $0 + 4 * $1.tensor.count }
      let megabytes = [kept, forms, moments].map { Double($0) / 1e6 }
      found.append((megabytes[0], megabytes[1], megabytes[2]))
      report(
        precision.rawValue.uppercased(),
        "tape \(Self.digits(megabytes[0], 2)) MB, weights made ready for products "
          + "\(Self.digits(megabytes[1], 2)) MB, moments \(Self.digits(megabytes[2], 2)) MB")
      note("memory.\(precision.rawValue).tape", megabytes[0])
      note("memory.\(precision.rawValue).weights", megabytes[1])
      note("memory.\(precision.rawValue).moments", megabytes[2])
    }
    if let single = found.first, let eight = found.last {
      note("memory.tape-ratio", eight.tape / single.tape)
      note("memory.weights-ratio", eight.forms / single.forms)
      note("memory.moments-ratio", eight.moments / single.moments)
    }
    Console.print()
    draw(
      "memory",
      BarChart(
        title: "What a training keeps in memory",
        description:
          "Megabytes of the tape, of the weights made ready for products and of AdamW's moments, in "
          + "FP32, BF16 and FP8.",
        valueLabel: "MB",
        groups: ["tape of a sequence", "weights, made ready", "AdamW's moments"],
        series: zip(Precision.allCases, found).enumerated().map { index, entry in
          .init(
            entry.0.rawValue.uppercased(),
            [entry.1.tape, entry.1.forms, entry.1.moments], ink: .series(index))
        }, format: { Self.digits($0, 1) }))
  }

  /// Takes the time of encoding, of products and of whole steps, each beside its rival.
  mutating func measureSpeed() throws {
    Console.print("Speed on this machine, with \(Threads.count) threads")
    measureCodes()
    measureProducts()
    try measureSteps()
  }

  private mutating func measureCodes() {
    let x = gaussian(2048, 2048, branch: 6)
    let gigabytes = 4e-9 * Double(x.count)
    let coded = BlockScaled(x, by: .tile)
    let times = Self.byTurns(
      rounds: 12,
      [
        {
          // A copy is made as soon as it is written to.
          var copy = x
          copy.withMutableScalars { $0[0] = 0 }
        },
        { _ = BlockScaled(x, by: .tile) }, { _ = coded.tensor },
      ])
    for (key, name, time) in zip3(
      ["copy", "encode", "decode"], ["copying", "encoding E4M3", "decoding E4M3"], times)
    {
      report(
        name,
        "\(Self.digits(gigabytes / time, 1)) GB of FP32 a second, "
          + "\(Self.digits(times[0] / time, 2)) of copying")
      note("speed.\(key)", gigabytes / time)
      note("speed.\(key)-ratio", times[0] / time)
    }
  }

  private mutating func measureProducts() {
    let size = 1024
    let (x, w) = (gaussian(size, size, branch: 7), gaussian(size, size, branch: 8))
    let (a, b) = (BlockScaled(x, by: .tile), BlockScaled(w, by: .block))
    let times = Self.byTurns(
      rounds: 10,
      [
        { _ = x.matmul(w, transposing: .right) }, { _ = a.matmul(b) },
        { _ = BlockScaled(x, by: .tile).matmul(b) },
      ])
    let work = 2e-9 * Double(size * size * size)
    for (key, name, time) in zip3(
      ["fp32", "fp8", "fp8-encoding"], ["FP32", "FP8", "FP8, encoding X"], times)
    {
      report(
        name,
        "\(Self.digits(work / time, 0)) GFLOP/s for \(size) × \(size) × \(size), "
          + "\(Self.digits(times[0] / time, 2)) of FP32")
      note("speed.product-\(key)", work / time)
      note("speed.product-\(key)-ratio", times[0] / time)
    }
  }

  private mutating func measureSteps() throws {
    let (configuration, tokens) = Self.batch
    var trainers = try Precision.allCases.map {
      try Trainer(
        DeepSeekModel(configuration.model, seed: seed), plan: configuration.plan,
        tokens: tokens,
        in: $0)
    }
    var best = [Double](repeating: .infinity, count: trainers.count)
    for _ in 0..<6 {
      for index in trainers.indices {
        let time = try AttentionDemo.seconds { _ = try trainers[index].takeStep() }
        best[index] = min(best[index], time)
      }
    }
    for (precision, time) in zip(Precision.allCases, best) {
      report(
        "\(precision.rawValue.uppercased()) step",
        "\(Self.digits(1000 * time, 0)) ms of \"\(configuration.name)\", "
          + "\(Self.digits(time / best[0], 2)) times FP32")
      note("speed.step-\(precision.rawValue)", 1000 * time)
      note("speed.step-\(precision.rawValue)-ratio", time / best[0])
    }
    Console.print()
  }

  /// The shortest time of each work, taken by turns so that all meet the same machine.
  private static func byTurns(rounds: Int, _ works: [() -> Void]) -> [Double] {
    var best = [Double](repeating: .infinity, count: works.count)
    for _ in 0..<rounds {
      for (index, work) in works.enumerated() {
        best[index] = min(best[index], AttentionDemo.seconds(work))
      }
    }
    return best
  }
}

private func zip3<A, B, C>(_ a: [A], _ b: [B], _ c: [C]) -> [(A, B, C)] {
  zip(a, zip(b, c)).map { ($0, $1.0, $1.1) }
}
