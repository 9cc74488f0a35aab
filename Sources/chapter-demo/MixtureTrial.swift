import Attention
import Checkpoints
import MoE
import Tensors
import Text

/// A small model whose upper layers are mixtures of experts, and the way it is trained.
struct MixtureTrial {
  /// Its experts; without them every layer is dense.
  var experts: ExpertSizes?
  /// The width of a dense layer.
  var denseWidth = 192
  /// γ, the speed of the routing bias.
  var biasSpeed = 0.0
  /// The learning rate at its highest.
  var rate: Float = 4e-3
  /// The rule that moves the weights.
  var rule = TrainingPlan.Rule.adamW
  /// The number of steps.
  var steps = 200
  /// The course of the rate.
  var schedule = Schedule.cosine(warmup: 20)

  static let (sequences, length) = (8, 128)

  /// The text that all learn, and that on which they are examined.
  struct Lesson {
    let tokens: [Int]
    let held: [Batch]
    /// Held-out text of one sort each, in the order of `Document.Kind.allCases`.
    let kinds: [[Batch]]

    init(seed: UInt64) throws {
      let corpus = Corpus.builtIn(bytes: 500_000, validationBytes: 24_000, seed: seed)
      let tokenizer = Tokenizer.bytes(special: ["<end>"])
      func windows(_ text: String) throws -> [Batch] {
        try Batch.windows(of: tokenizer.encode(text), length: length, sequences: 1)
      }
      tokens = tokenizer.encode(corpus.training)
      held = try windows(corpus.validation)
      kinds = try Document.Kind.allCases.enumerated().map { number, kind in
        var generator = SplitMix64(seed: seed).branch(UInt64(3 + number))
        var text = ""
        while text.utf8.count < 6_000 {
          text += DocumentSource.document(kind, using: &generator).text
        }
        return try windows(text)
      }
    }
  }

  /// What a training left.
  struct Outcome {
    /// The validation loss in nats a byte.
    var loss = 0.0
    /// The loss on each step's batch.
    var losses: [Double] = []
    /// MaxVio of each step's batch, averaged over the layers.
    var violations: [Double] = []
    /// The loads of each step as multiples of an even share: by step, by layer, by expert.
    var loads: [[[Double]]] = []
    /// MaxVio over all held-out text, and over single sequences on average.
    var (globalViolation, sequenceViolation) = (0.0, 0.0)
    /// How differently two sorts of text are routed, from 0 to 1, averaged over pairs and layers.
    var specialization = 0.0
    /// The loads of each sort of text: by sort, by layer, by expert.
    var kinds: [[[Double]]] = []

    /// The mean of MaxVio over the second half of the training.
    var batchViolation: Double {
      let late = violations.suffix(violations.count / 2)
      return late.reduce(0, +) / Double(max(late.count, 1))
    }

    /// The experts of all layers that get less than a tenth of an even share of the last steps.
    var idle: Int { lateLoads.joined().filter { $0 < 0.1 }.count }

    /// The loads of the last tenth of the training.
    var lateLoads: [[Double]] { meanLoads(of: loads.count * 9 / 10..<loads.count) }

    /// The loads over some steps.
    func meanLoads(of steps: Range<Int>) -> [[Double]] {
      (loads.first ?? []).indices.map { layer in
        loads[0][layer].indices.map { expert in
          steps.reduce(0) { $0 + loads[$1][layer][expert] } / Double(max(steps.count, 1))
        }
      }
    }

    /// A series with one point for each ten steps.
    static func smoothed(_ values: [Double]) -> [(x: Double, y: Double)] {
      stride(from: 0, to: values.count - 9, by: 10).map { start in
        let sum: Double = values[start..<start + 10].reduce(0, +)
        return (x: Double(start + 10), y: sum / 10)
      }
    }
  }

  /// The sizes of the model.
  var configuration: DecoderConfiguration {
    DecoderConfiguration(
      family: experts == nil ? .llama : .deepseekV3, vocabularySize: 257, width: 64,
      feedForwardWidth: denseWidth, layers: 3, heads: 4, maximumPositions: Self.length,
      tiesEmbeddings: true, endTokens: [256], experts: experts)
  }

  /// Trains a model and examines it.
  func run(_ lesson: Lesson, seed: UInt64) throws -> Outcome {
    let configuration = configuration
    var generator = SplitMix64(seed: seed)
    let model = configuration.model(
      using: &generator,
      attention: { _, generator in GroupedQueryAttention(configuration, using: &generator) },
      feedForward: { configuration.feedForward(layer: $0, using: &$1) })
    var plan = TrainingPlan(
      steps: steps, sequences: Self.sequences, length: Self.length, rate: rate,
      schedule: schedule, seed: seed)
    plan.rule = rule
    plan.coefficients = [
      Coefficient.biasSpeed.name: Schedule(phases: [.init(until: 1, at: biasSpeed)])
    ]
    var trainer = try Trainer(model, plan: plan, tokens: lesson.tokens)
    var outcome = Outcome()
    while !trainer.isFinished {
      let report = try trainer.takeStep()
      outcome.losses.append(report.loss)
      outcome.loads.append(Self.shares(report.observations))
      outcome.violations.append(report.observations.maximalViolation ?? 0)
    }
    examine(model, lesson, &outcome)
    return outcome
  }

  private func examine(_ model: LanguageModel, _ lesson: Lesson, _ outcome: inout Outcome) {
    let held = Self.observe(model, lesson.held)
    outcome.loss = held.loss
    outcome.globalViolation = held.all.maximalViolation ?? 0
    let each = held.each.compactMap(\.maximalViolation)
    outcome.sequenceViolation = each.reduce(0, +) / Double(max(each.count, 1))
    outcome.kinds = lesson.kinds.map { Self.shares(Self.observe(model, $0).all) }
    var distances: [Double] = []
    for one in outcome.kinds.indices {
      for other in outcome.kinds.indices.dropFirst(one + 1) {
        distances += zip(outcome.kinds[one], outcome.kinds[other]).map(Self.distance)
      }
    }
    outcome.specialization = distances.reduce(0, +) / Double(max(distances.count, 1))
  }

  /// The part of the slots that would have to go elsewhere to make one load of another.
  private static func distance(_ one: [Double], _ other: [Double]) -> Double {
    var sum = 0.0
    for (a, b) in zip(one, other) { sum += abs(a - b) }
    return sum / Double(2 * one.count)
  }

  /// Lets a model read sequences without learning: the mean loss, and where their tokens went.
  private static func observe(
    _ model: LanguageModel, _ batches: [Batch]
  ) -> (loss: Double, all: Observations, each: [Observations]) {
    let count = batches.reduce(0) { $0 + $1.targetCount }
    let results = Threads.map(batches.count) { index in
      let batch = batches[index]
      let pass = Pass(
        Sequences(count: batch.sequences, length: batch.length), on: Tape(recording: false))
      let loss = model.loss(of: batch, in: pass, divisor: count)
      return (Double(loss.value.scalar), pass.observations)
    }
    var all = Observations()
    for result in results { all.add(result.1) }
    return (results.reduce(0) { $0 + $1.0 }, all, results.map(\.1))
  }

  /// Loads as multiples of an even share.
  private static func shares(_ observations: Observations) -> [[Double]] {
    observations.loads.map { load in
      let mean = Double(load.counts.reduce(0, +)) / Double(load.counts.count)
      return load.counts.map { Double($0) / mean }
    }
  }
}
