import Attention
import Checkpoints
import FP8
import Foundation
import MTP
import Tensors

/// The beginning of a training in FP32, from which others go on in other numbers.
///
/// Which of two trainings is the first to find out how to add, or to copy a name, is chance, and the
/// other lags behind it for hundreds of steps. Trainings that share their beginning share that too.
struct FP8Trunk {
  private let lesson: FP8Lesson
  private let folder: URL

  /// Trains for so many of the plan's steps, and keeps what resuming needs in a folder.
  init(_ lesson: FP8Lesson, steps: Int, in folder: URL) throws {
    (self.lesson, self.folder) = (lesson, folder)
    let model = DeepSeekModel(FP8Lesson.sizes, seed: lesson.plan.seed)
    var trainer = try Trainer(model, plan: lesson.plan, tokens: lesson.tokens, in: .fp32)
    for _ in 0..<steps { _ = try trainer.takeStep() }
    let weights = model.namedParameters.map { NamedTensor($0.name, $0.parameter.value) }
    try StoredTensors.write(weights, in: folder)
    try trainer.writeState(into: folder)
  }

  /// What a training that goes on from here has found.
  struct Branch {
    /// The loss of each step.
    let losses: [Double]
    /// The loss on text that did not train, at the end.
    let held: Double
  }

  /// Takes the steps that are left, in FP8, in BF16, or in FP32 with or without a first rounding.
  func branch(_ course: FP8Course) throws -> Branch {
    let model = DeepSeekModel(FP8Lesson.sizes, seed: 0)
    try model.load(StoredTensors(in: folder))
    let precision: Precision =
      switch course {
      case .fp8: .fp8
      case .bf16: .bf16
      default: .fp32
      }
    var trainer = try Trainer(
      resuming: model, from: folder, tokens: lesson.tokens,
      products: precision.products(for: model),
      optimizer: precision.optimizer(for: lesson.plan, model))
    if course == .start {
      for parameter in model.parameters { parameter.update { $0 = $0.roundedToBrain } }
    }
    var losses: [Double] = []
    while !trainer.isFinished { losses.append(try trainer.takeStep().loss) }
    return Branch(losses: losses, held: model.evaluate(lesson.held))
  }
}
