import Attention
import Checkpoints
import Distillation
import MTP
import RL
import Tensors
import Text

/// A pair for tests: a teacher that knows short sums, with experts, and a narrow dense student.
enum Pair {
  /// The teacher's sizes: the reasoner's with narrow layers.
  static let teacherSizes: DecoderConfiguration = {
    var sizes = Reasoner.model
    (sizes.width, sizes.feedForwardWidth, sizes.layers, sizes.heads) = (32, 48, 2, 2)
    (sizes.keyValueHeads, sizes.headWidth) = (2, 8)
    sizes.latentAttention = LatentAttentionSizes(
      queryRank: nil, keyValueRank: 16, contentWidth: 8, rotaryWidth: 8, valueWidth: 16)
    sizes.experts?.count = 4
    sizes.experts?.width = 16
    sizes.initializerRange = 0.15
    return sizes
  }()

  /// The student's sizes.
  static let studentSizes: DecoderConfiguration = {
    var sizes = Student.all[0].model
    sizes.initializerRange = 0.15
    return sizes
  }()

  private static let weights: [String: Tensor] = {
    // One digit, and digits to copy: what a narrow model learns in a second.
    let mix = TaskMix([
      .init(.digitSum, size: 1, weight: 3), .init(.copying, size: 3, weight: 1),
      .init(.sorting, size: 3, weight: 1),
    ])
    var plan = Reasoner.plan
    (plan.steps, plan.sequences, plan.length, plan.rate) = (120, 32, 16, 5e-3)
    let source = ExampleSource(mix, sequences: 32, length: 16, seed: 1)
    var trainer = Trainer(
      DeepSeekModel(teacherSizes, seed: 7), plan: plan, batches: source)
    while !trainer.isFinished {
      guard (try? trainer.takeStep()) != nil else { break }
    }
    return Dictionary(
      trainer.model.namedParameters.map { ($0.name, $0.parameter.value) },
      uniquingKeysWith: { first, _ in first })
  }()

  /// A teacher, trained once for all tests.
  static func teacher() -> LanguageModel {
    let model = DeepSeekModel(teacherSizes, seed: 7)
    for (name, parameter) in model.namedParameters {
      if let value = weights[name] { parameter.value = value }
    }
    return model.language
  }

  /// A student with fresh weights.
  static func student(seed: UInt64 = 3) -> LanguageModel { studentSizes.model(seed: seed) }

  private static let lessons: [Tensor] = {
    guard var run = try? run(plan(.sequence, tokens: 3000)) else { return [] }
    while !run.isFinished {
      guard (try? run.takeStep()) != nil else { break }
    }
    return run.weights
  }()

  /// A student that is right now and then, so that there is something to reinforce.
  static func taught() -> LanguageModel {
    let model = student()
    for (parameter, value) in zip(model.parameters, lessons) { parameter.value = value }
    return model
  }

  /// A plan that takes a second.
  static func plan(_ method: DistillationPlan.Method, tokens: Int = 400) -> DistillationPlan {
    var plan = DistillationPlan()
    (plan.method, plan.tokens, plan.sequences, plan.rate) = (method, tokens, 16, 3e-3)
    (plan.looks, plan.problems) = (2, 10)
    plan.samples = samplePlan
    return plan
  }

  /// What the teacher is asked.
  static var samplePlan: TeacherSamples.Plan {
    var plan = TeacherSamples.Plan()
    (plan.count, plan.smallest, plan.largest, plan.budget) = (48, 1, 1, 10)
    plan.plainShare = 0.2
    return plan
  }

  /// The teacher's samples, taken once for all tests.
  static let samples: TeacherSamples? = try? TeacherSamples(of: teacher(), samplePlan)

  /// A run with a fresh student.
  static func run(
    _ plan: DistillationPlan, teacher: LanguageModel = Pair.teacher()
  ) throws -> DistillationRun {
    if plan.method == .reinforcement {
      return DistillationRun(reinforcing: taught(), twin: student(seed: 9), plan: plan)
    }
    guard let samples else { throw DistillationError.teacherIsWrong(right: 0, asked: 0) }
    return try DistillationRun(student(), from: teacher, samples: samples, plan: plan)
  }
}

extension StudentReport {
  /// The report without what a clock says.
  var timeless: StudentReport {
    var copy = self
    copy.seconds = 0
    return copy
  }
}

extension DistillationRun {
  mutating func take(_ count: Int) throws -> [StudentReport] {
    try (0..<count).map { _ in try takeStep().timeless }
  }

  var weights: [Tensor] { student.namedParameters.map(\.parameter.value) }
}
