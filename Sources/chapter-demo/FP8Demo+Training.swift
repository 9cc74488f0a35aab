import Attention
import Checkpoints
import CommandLine
import FP8
import Figures
import Foundation
import MTP
import Tensors
import Text

/// A training that is compared with the one in single precision, of the same weights and batches.
private enum Course: String, CaseIterable {
  /// What is tried.
  case fp8, bf16
  /// Gradients in E5M2, and in groups of 128 × 128.
  case e5m2, block
  /// Single precision again, with sums in another order, and begun from weights that were rounded
  /// once: how much a difference of nothing makes.
  case order, start

  var title: String {
    switch self {
    case .fp8: "FP8"
    case .bf16: "BF16"
    case .e5m2: "E5M2 gradients"
    case .block: "block gradients"
    case .order: "FP32, other order"
    case .start: "FP32, BF16 start"
    }
  }
}

/// The model, the plan and the text of the comparison.
private struct Lesson {
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
    let tokenizer = Tokenizer.bytes(special: ["<end>"])
    tokens = tokenizer.encode(corpus.training)
    held = try Batch.windows(
      of: tokenizer.encode(corpus.validation), length: Self.length, sequences: 8)
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
  func losses(of course: Course) throws -> (each: [Double], held: Double) {
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
    of model: DeepSeekModel, _ plan: TrainingPlan, _ course: Course
  ) throws -> Trainer<DeepSeekModel> {
    let options: EightBitProduct.Options
    switch course {
    case .order, .start: return try Trainer(model, plan: plan, tokens: tokens, in: .fp32)
    case .bf16: return try Trainer(model, plan: plan, tokens: tokens, in: .bf16)
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

extension FP8Demo {
  /// Trains in FP32 and in FP8 from one seed, and for the book's figures in other ways too.
  mutating func train(isWhole: Bool) throws {
    let steps = 120
    Console.print("\(steps) steps of a small V3, beside the same in FP32; losses smoothed")
    let lesson = try Lesson(seed: seed, steps: steps)
    var trial = try PrecisionTrial(
      .fp8, of: Lesson.sizes, plan: lesson.plan, tokens: lesson.tokens)
    for _ in 0..<steps { try trial.takeStep() }
    let reference = trial.referenceLosses
    let held = trial.models.reference.evaluate(lesson.held)
    note("train.steps", steps)
    note("train.parameters", trial.models.tried.parameterCount)
    note("train.fp32.loss", held)
    report("FP32", "loss on other text \(Self.digits(held, 4))")
    var courses: [(course: Course, losses: [Double])] = []
    for course in isWhole ? Course.allCases : [.fp8] {
      let (losses, loss) =
        course == .fp8
        ? (trial.losses, trial.models.tried.evaluate(lesson.held))
        : try lesson.losses(of: course)
      courses.append((course, losses))
      tell(course.title, course.rawValue, losses, reference, loss)
    }
    if isWhole { try trainAgain(steps: steps) }
    watchGradients(of: trial.models.reference, on: lesson.held[0])
    Console.print()
    drawCourses(courses, reference)
    drawDifferences(courses, reference)
  }

  /// The same comparison from the next seed.
  private mutating func trainAgain(steps: Int) throws {
    let lesson = try Lesson(seed: seed + 1, steps: steps)
    var trial = try PrecisionTrial(
      .fp8, of: Lesson.sizes, plan: lesson.plan, tokens: lesson.tokens)
    for _ in 0..<steps { try trial.takeStep() }
    tell(
      "FP8, next seed", "fp8-again", trial.losses, trial.referenceLosses,
      trial.models.tried.evaluate(lesson.held))
  }

  /// Compares the second half of the smoothed curves, when the loss has stopped falling fast.
  private mutating func tell(
    _ title: String, _ key: String, _ losses: [Double], _ reference: [Double], _ held: Double
  ) {
    let all = PrecisionTrial.relativeDifferences(of: losses, from: reference)
    let late = all[(all.count / 2)...]
    let mean = late.reduce(0, +) / Double(late.count)
    let size = late.reduce(0) { $0 + abs($1) } / Double(late.count)
    let largest = late.map(abs).max() ?? 0
    report(
      title,
      "\(Self.digits(held, 4)); late differences: on average \(Self.percent(size)), at most "
        + "\(Self.percent(largest)), with their signs \(Self.percent(mean))")
    note("train.\(key).loss", held)
    note("train.\(key).late-mean", 100 * size)
    note("train.\(key).late-largest", 100 * largest)
    note("train.\(key).late-signed", 100 * mean)
    note("train.\(key).largest", 100 * (all.map(abs).max() ?? 0))
  }

  private mutating func drawCourses(
    _ courses: [(course: Course, losses: [Double])], _ reference: [Double]
  ) {
    let shown: [(String, [Double])] =
      [("FP32", reference)]
      + courses.filter { [.fp8, .bf16, .block].contains($0.course) }
      .map { ($0.course.title, $0.losses) }
    draw(
      "losses",
      LineChart(
        title: "Four trainings from one seed",
        description:
          "The smoothed loss over the steps of a small V3, trained in FP32, BF16, FP8, and FP8 with "
          + "gradients in square blocks. The curves lie on each other.",
        xLabel: "step", yLabel: "smoothed loss (nats a byte)",
        series: shown.enumerated().map { index, course in
          .init(course.0, Self.points(PrecisionTrial.smoothed(course.1)), ink: .series(index))
        }))
  }

  private mutating func drawDifferences(
    _ courses: [(course: Course, losses: [Double])], _ reference: [Double]
  ) {
    draw(
      "differences",
      LineChart(
        title: "How far the loss lies from that in FP32",
        description:
          "The relative difference of the smoothed loss from that of a training in FP32, over the "
          + "steps, in per cent. FP8, BF16, and a training in FP32 whose first weights were rounded "
          + "once lie within one per cent of it, on both sides. With gradients in square blocks the "
          + "loss ends more than two per cent above.",
        xLabel: "step", yLabel: "difference of the smoothed loss (%)",
        series: courses.filter { $0.course != .e5m2 && $0.course != .order }
          .enumerated().map { index, entry in
            let all = PrecisionTrial.relativeDifferences(of: entry.losses, from: reference)
            return .init(
              entry.course.title, Self.points(all.map { 100 * $0 }), ink: .series(index))
          },
        references: [.init("0.25 %", y: 0.25), .init("−0.25 %", y: -0.25)]))
  }

  private static func points(_ values: [Double]) -> [(x: Double, y: Double)] {
    values.enumerated().map { (Double($0 + 1), $1) }
  }
}
