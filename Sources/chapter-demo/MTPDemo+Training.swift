import Attention
import Checkpoints
import CommandLine
import Figures
import MTP
import MoE
import Tensors
import Text

/// What the training part leaves for the part that writes.
struct TrainedPair {
  let model: DeepSeekModel
  let tokenizer: Tokenizer
}

extension MTPDemo {
  private static let length = 128
  private static let steps = 240

  /// A V3 of three narrow layers and a module.
  private static let sizes = DecoderConfiguration(
    family: .deepseekV3, vocabularySize: 512, width: 64, feedForwardWidth: 160, layers: 3,
    heads: 4, maximumPositions: 256,
    latentAttention: LatentAttentionSizes(
      queryRank: nil, keyValueRank: 24, contentWidth: 8, rotaryWidth: 8, valueWidth: 16),
    experts: ExpertSizes(
      count: 8, active: 2, shared: 1, width: 48, scoring: .sigmoid, selection: .biased,
      normalizes: true, balanceWeight: 1e-4),
    predictors: 1)

  private static func plan(seed: UInt64) -> TrainingPlan {
    var plan = TrainingPlan(
      steps: steps, sequences: 8, length: length, rate: 5e-3, schedule: .trapezoid(warmup: 20),
      seed: seed)
    plan.rule = .muon
    plan.shards = 4
    plan.coefficients = [
      Coefficient.predictionWeight.name: .predictionWeightOfV3,
      Coefficient.biasSpeed.name: Schedule(phases: [.init(until: 1, at: 0.01)]),
    ]
    return plan
  }

  /// Trains with and without the module, and asks how often the drafts agree.
  mutating func train(twice: Bool) throws -> TrainedPair {
    let seeds = twice ? 2 : 1
    Console.print(
      "A small V3, with and without its prediction module, from \(seeds == 1 ? "one seed" : "two")"
    )
    let corpus = Corpus.builtIn(bytes: 600_000, validationBytes: 30_000, seed: seed)
    let tokenizer = try Tokenizer.trained(
      on: [corpus.training], vocabularySize: 512, preTokenizer: .qwen2)
    let tokens = tokenizer.encode(corpus.training)
    let held = try Batch.windows(
      of: tokenizer.encode(corpus.validation), length: Self.length, sequences: 8)
    let kinds = try Document.Kind.allCases.map { try examples($0, tokenizer) }

    var agreements: [[(x: Double, y: Double)]] = kinds.map { _ in [] }
    var trained: DeepSeekModel?
    for run in 0..<seeds {
      let seed = seed + UInt64(run)
      var losses: [Double] = []
      for hasModule in [false, true] {
        let whole = DeepSeekModel(Self.sizes, seed: seed)
        let model = hasModule ? whole : whole.withoutModules
        var trainer = try Trainer(model, plan: Self.plan(seed: seed), tokens: tokens)
        while !trainer.isFinished {
          let step = try trainer.takeStep().step
          guard hasModule, run == 0, step.isMultiple(of: 30) else { continue }
          for (index, batch) in kinds.enumerated() {
            agreements[index].append((Double(step), model.agreement(on: batch).greedy))
          }
        }
        losses.append(model.evaluate(held))
        if hasModule, run == 0 { trained = model }
      }
      report(
        "seed \(seed)",
        "validation loss \(Self.digits(losses[0], 3)) without, \(Self.digits(losses[1], 3)) with"
      )
      let key = run == 0 ? "" : "-again"
      note("loss.without\(key)", losses[0])
      note("loss.with\(key)", losses[1])
    }
    tell(agreements)
    guard let trained else { fatalError("MTPDemo: the first run trains a module") }
    try tellWeights(trained)
    return TrainedPair(model: trained, tokenizer: tokenizer)
  }

  /// Eight windows of one sort of documents that did not train.
  private func examples(_ kind: Document.Kind, _ tokenizer: Tokenizer) throws -> Batch {
    var generator = SplitMix64(seed: seed).branch(UInt64(100 + kind.rawValue.utf8.count))
    var tokens: [Int] = []
    while tokens.count <= 8 * Self.length {
      tokens += tokenizer.encode(DocumentSource.document(kind, using: &generator).text)
    }
    return try Batch.windows(
      of: Array(tokens[...(8 * Self.length)]), length: Self.length, sequences: 8)[0]
  }

  private mutating func tell(_ agreements: [[(x: Double, y: Double)]]) {
    for (kind, course) in zip(Document.Kind.allCases, agreements) {
      let last = course.last?.y ?? 0
      report(kind.rawValue, "second token accepted at \(Self.percent(last)) of the places")
      note("agreement.\(kind.rawValue)", 100 * last)
    }
    Console.print()
    draw(
      "agreement",
      LineChart(
        title: "How often module and model name the same second token",
        description:
          "The share of places at which module and model find the same second token likeliest, "
          + "over the training, for stories, tasks and programs that did not train. A band of 85 to 90 % "
          + "is what DeepSeek-V3 reports.",
        xLabel: "step", yLabel: "second token accepted",
        series: zip(Document.Kind.allCases, agreements).enumerated().map { index, course in
          .init(course.0.rawValue, course.1, ink: .series(index), hasMarkers: true)
        },
        references: [.init("V3 §5.4.3: 85 to 90 %", y: 0.9), .init("", y: 0.85)],
        yIncludes: [0, 1]))
  }

  /// Counts what the module has of its own, and what it costs to train.
  private mutating func tellWeights(_ model: DeepSeekModel) throws {
    let own = model.parameterCount - model.language.parameterCount
    note("weights.model", model.language.parameterCount)
    note("weights.module", own)
    let sizes = Self.sizes
    let plain = sizes.trainingFLOPsPerToken(context: Self.length)
    let whole = sizes.trainingFLOPsPerToken(context: Self.length, predicting: true)
    note("cost.training", Double(whole) / Double(plain))
  }
}
