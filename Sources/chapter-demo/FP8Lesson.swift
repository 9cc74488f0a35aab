import Attention
import Checkpoints
import FP8
import MTP
import Tensors
import Text

/// A training that is compared with the one in single precision, of the same weights and batches.
enum FP8Course: String, CaseIterable {
  /// What is tried.
  case fp8, bf16
  /// Gradients in E5M2, and in groups of 128 × 128.
  case e5m2, block
  /// Single precision, and only the moments of AdamW in brain floating point.
  case moments
  /// Single precision; with sums in another order, and begun from weights that were rounded once:
  /// how much a difference of nothing makes.
  case fp32, order, start

  var title: String {
    switch self {
    case .fp8: "FP8"
    case .fp32: "FP32"
    case .bf16: "BF16"
    case .e5m2: "E5M2 gradients"
    case .block: "block gradients"
    case .moments: "BF16 moments"
    case .order: "FP32, other order"
    case .start: "FP32, BF16 start"
    }
  }
}

/// The model, the plan and the text of the comparison.
struct FP8Lesson {
  static let length = 128

  /// Two layers of V3 with the 128 channels that one tile has.
  static let sizes = DecoderConfiguration(
    family: .deepseekV3, vocabularySize: 257, width: 128, feedForwardWidth: 256, layers: 2,
    heads: 4, maximumPositions: length, tiesEmbeddings: true, endTokens: [256],
    latentAttention: LatentAttentionSizes(
      queryRank: nil, keyValueRank: 32, contentWidth: 16, rotaryWidth: 16, valueWidth: 32),
    experts: ExpertSizes(
      count: 8, active: 2, shared: 1, width: 128, scoring: .sigmoid, selection: .biased,
      normalizes: true, balanceWeight: 1e-4))

  let plan: TrainingPlan
  let tokens: [Int]
  let held: [Batch]

  init(seed: UInt64, steps: Int) throws {
    let corpus = Corpus.builtIn(bytes: 500_000, validationBytes: 24_000, seed: seed)
    try self.init(
      seed: seed, steps: steps, text: corpus.training, otherText: corpus.validation)
  }

  init(seed: UInt64, steps: Int, text: String, otherText: String) throws {
    let tokenizer = Tokenizer.bytes(special: ["<end>"])
    tokens = tokenizer.encode(text)
    held = try Batch.windows(
      of: tokenizer.encode(otherText), length: Self.length, sequences: 8)
    var plan = TrainingPlan(
      steps: steps, sequences: 8, length: Self.length, rate: 3e-3,
      schedule: .cosine(warmup: 20, floor: 0.1), seed: seed)
    plan.shards = 4
    plan.coefficients = [
      Coefficient.biasSpeed.name: Schedule(phases: [.init(until: 1, at: 0.01)])
    ]
    self.plan = plan
  }

  /// Trains a model and returns the loss of each step, and that on text that did not train.
  func losses(of course: FP8Course) throws -> (each: [Double], held: Double) {
    var plan = plan
    if course == .order { plan.shards = 2 }
    let model = DeepSeekModel(Self.sizes, seed: plan.seed)
    if course == .start {
      for parameter in model.parameters { parameter.update { $0 = $0.roundedToBrain } }
    }
    var trainer = try trainer(of: model, plan, course)
    var losses: [Double] = []
    while !trainer.isFinished { losses.append(try trainer.takeStep().loss) }
    return (losses, model.evaluate(held))
  }

  private func trainer(
    of model: DeepSeekModel, _ plan: TrainingPlan, _ course: FP8Course
  ) throws -> Trainer<DeepSeekModel> {
    let options: EightBitProduct.Options
    switch course {
    case .fp32, .order, .start: return try Trainer(model, plan: plan, tokens: tokens, in: .fp32)
    case .bf16: return try Trainer(model, plan: plan, tokens: tokens, in: .bf16)
    case .moments:
      return try Trainer(
        model, plan: plan, tokens: tokens, products: SinglePrecision(),
        optimizer: Precision.fp8.optimizer(for: plan, model))
    case .fp8: options = .init()
    case .e5m2: options = .init(gradientFormat: .e5m2)
    case .block: options = .init(gradientGroup: .block)
    }
    return try Trainer(
      model, plan: plan, tokens: tokens,
      products: EightBitProduct(for: model, options: options),
      optimizer: Precision.fp8.optimizer(for: plan, model))
  }
}
