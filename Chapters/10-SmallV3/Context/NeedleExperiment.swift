import Attention
import Checkpoints
import MTP
import Tensors
import Text

/// What a context extension did: a map and a short-context loss at every stage.
public struct NeedleRecord: Codable, Sendable, Equatable {
  /// One moment of the run.
  public struct Moment: Codable, Sendable, Equatable {
    /// What came before it.
    public let name: String
    /// The steps of the training that it ends; 0 where nothing was trained.
    public let steps: Int
    /// The loss on corpus text in windows of the original length, in nats per token.
    public let shortLoss: Double
    /// The share of needles found, one to a text, a row for each length.
    public let shares: [[Double]]
    /// The share found where three other notes are in the text.
    public let amongOthers: [[Double]]
  }

  /// The lengths of the maps' rows, in tokens.
  public let lengths: [Int]
  /// The depths of their columns.
  public let depths: [Double]
  /// The number of texts in each cell.
  public let trials: Int
  /// The weights of the model.
  public let parameters: Int
  /// The moments, in order.
  public let moments: [Moment]
  /// The share found among four notes at the first length, a number for each depth, by a model
  /// that took the steps of the first training and saw no lists.
  public let withoutLists: [Double]
}

/// A small model with latent attention that learns to find needles in 128 tokens, and is then
/// extended to 512 and 2048.
public struct NeedleExperiment: Sendable {
  /// The steps with lists, before everything else.
  public var listSteps = 800
  /// The steps of the first training.
  public var steps = 1200
  /// The stages.
  public var plan = ContextExtension.small
  /// The texts of each cell of a map.
  public var trials = 20
  /// The width of the model.
  public var width = 64
  /// The layers of the model.
  public var layers = 2
  /// The rows of a batch of the first training.
  public var sequences = 32
  /// The highest rate of the matrices (Muon); other weights have a quarter of it.
  public var rate: Float = 0.01
  /// The seed of everything.
  public var seed: UInt64 = 0

  /// The share of lists among the rows with facts, in the first training.
  public var listShare = 0.25

  /// The rows and columns of a map.
  static let lengths = [128, 256, 512, 1024, 2048]
  static let depths = [0, 0.25, 0.5, 0.75, 1]

  /// The usual experiment.
  public init() {}

  /// The sizes for some tokenizer.
  func sizes(_ tokenizer: Tokenizer) -> DecoderConfiguration {
    DecoderConfiguration(
      family: .deepseekV3, vocabularySize: tokenizer.vocabularySize, width: width,
      feedForwardWidth: 2 * width, layers: layers, heads: 4,
      maximumPositions: plan.originalLength,
      initializerRange: 0.15,
      latentAttention: LatentAttentionSizes(
        queryRank: nil, keyValueRank: 32, contentWidth: 16, rotaryWidth: 16, valueWidth: 24))
  }

  /// The lists: short rows, small batches and half the rate.
  var lists: TrainingPlan {
    var plan = training
    (plan.steps, plan.sequences, plan.length) = (listSteps, 16, 64)
    plan.rate /= 2
    plan.matrixRate /= 2
    plan.schedule = .constant(warmup: 40)
    return plan
  }

  /// The first training; its rate ends where that of the stages is.
  var training: TrainingPlan {
    var plan = TrainingPlan(
      steps: steps, sequences: sequences, length: plan.originalLength, rate: rate / 4,
      schedule: .trapezoid(warmup: 40, level: 0.5, floor: Double(plan.stages[0].rateShare)),
      seed: seed)
    plan.rule = .muon
    plan.matrixRate = rate
    plan.shards = 4
    return plan
  }

  /// Runs it.
  /// - Parameters:
  ///   - watch: told every 100 steps of the first training the step, the loss and the share found.
  ///   - report: told after every moment what it brought.
  public func run(
    watch: (_ step: Int, _ loss: Double, _ share: Double) -> Void = { _, _, _ in },
    report: (NeedleRecord.Moment) -> Void = { _ in }
  ) throws -> NeedleRecord {
    let material = try NeedleMaterial(seed: seed)
    let sizes = sizes(material.tokenizer)
    let model = DeepSeekModel(sizes, seed: seed)
    var moments: [NeedleRecord.Moment] = []
    func note(_ name: String, _ model: DeepSeekModel, steps: Int) {
      moments.append(moment(name, model, steps: steps, material))
      report(moments[moments.count - 1])
    }

    try trainOnLists(model, material)
    try train(model, material, watch)
    note("trained at \(plan.originalLength)", model, steps: steps)
    let longer = plan.extended(model, of: sizes)
    note("stretched by YaRN", longer, steps: 0)
    for stage in plan.stages {
      var trainer = Trainer(
        longer, plan: plan.plan(of: stage, after: training),
        batches: material.source(
          length: stage.length, sequences: stage.sequences, share: 0.5, lists: 0, seed: seed))
      while !trainer.isFinished { _ = try trainer.takeStep() }
      note("trained at \(stage.length)", longer, steps: stage.steps)
    }
    return NeedleRecord(
      lengths: Self.lengths, depths: Self.depths, trials: trials,
      parameters: model.parameterCount, moments: moments,
      withoutLists: try withoutLists(material))
  }

  /// What is found after as many steps of the first training, with no lists in it nor before it.
  package func withoutLists(_ material: NeedleMaterial) throws -> [Double] {
    var plain = self
    plain.listShare = 0
    let model = DeepSeekModel(sizes(material.tokenizer), seed: seed)
    try plain.train(model, material) { _, _, _ in }
    return map(model, material, lengths: [plan.originalLength], seed: seed).shares[0]
  }

  /// Takes the steps with lists; one row of ten is text.
  private func trainOnLists(_ model: DeepSeekModel, _ material: NeedleMaterial) throws {
    var trainer = Trainer(
      model, plan: lists,
      batches: material.source(
        length: lists.length, sequences: lists.sequences, share: 0.9, lists: 1, seed: seed))
    while !trainer.isFinished { _ = try trainer.takeStep() }
  }

  private func train(
    _ model: DeepSeekModel, _ material: NeedleMaterial,
    _ watch: (_ step: Int, _ loss: Double, _ share: Double) -> Void
  ) throws {
    var trainer = Trainer(
      model, plan: training,
      batches: material.source(
        length: plan.originalLength, sequences: training.sequences, share: 0.75,
        lists: listShare,
        seed: seed))
    while !trainer.isFinished {
      _ = try trainer.takeStep()
      guard trainer.step % 100 == 0 else { continue }
      let found = map(
        model, material, lengths: [plan.originalLength], seed: seed &+ 1)
      watch(
        trainer.step, trainer.smoothedLoss.value ?? 0, found.share(at: plan.originalLength))
    }
  }

  private func moment(
    _ name: String, _ model: DeepSeekModel, steps: Int, _ material: NeedleMaterial
  ) -> NeedleRecord.Moment {
    NeedleRecord.Moment(
      name: name, steps: steps, shortLoss: model.evaluate(material.windows),
      shares: map(model, material, needles: 1, lengths: Self.lengths, seed: seed).shares,
      amongOthers: map(model, material, lengths: Self.lengths, seed: seed).shares)
  }

  private func map(
    _ model: DeepSeekModel, _ material: NeedleMaterial, needles: Int = 4, lengths: [Int],
    seed: UInt64
  ) -> NeedleMap {
    NeedleMap(
      of: model.language, lengths: lengths, depths: Self.depths, trials: trials,
      needles: needles, tokenizer: material.tokenizer, seed: seed)
  }
}

/// The text of the experiment: stories, and a tokenizer that knows the words of the questions.
package struct NeedleMaterial {
  package let tokenizer: Tokenizer
  let text: [Int]
  /// Text that does not train, in short windows.
  let windows: [Batch]

  package init(seed: UInt64, bytes: Int = 1_000_000) throws {
    let root = SplitMix64(seed: seed)
    let training = Self.stories(bytes: bytes, root.branch(1))
    var generator = root.branch(3)
    let lines = (0..<8000).flatMap { _ in Needle.drawn(1, using: &generator) }.map {
      $0.sentence + " \n" + $0.question + $0.answer + "\n"
    }
    tokenizer = try .trained(
      on: [String(training.prefix(300_000)), lines.joined()], vocabularySize: 512,
      preTokenizer: .qwen2)
    text = tokenizer.encode(training)
    windows = try Batch.windows(
      of: tokenizer.encode(Self.stories(bytes: 40_000, root.branch(2))), length: 128,
      sequences: 16)
  }

  private static func stories(bytes: Int, _ generator: SplitMix64) -> String {
    var generator = generator
    var text = ""
    while text.utf8.count < bytes {
      text += DocumentSource.document(.story, using: &generator).text
    }
    return text
  }

  /// Batches of notes and plain text.
  func source(length: Int, sequences: Int, share: Double, lists: Double, seed: UInt64)
    -> NeedleSource
  {
    NeedleSource(
      text: text, tokenizer: tokenizer, sequences: sequences, length: length, share: share,
      lists: lists, seed: seed &+ UInt64(length))
  }
}
