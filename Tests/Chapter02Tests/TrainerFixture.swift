import Attention
import Checkpoints
import Foundation
import Tensors
import Text

/// What a training run leaves behind, for comparisons.
struct Course: Equatable {
  var reports: [StepReport] = []
  var weights: [String: Tensor] = [:]
}

extension TrainingPlan {
  /// A short plan with everything in it: warm-up, cosine, clipping, decay and two shards.
  static func small(
    _ rule: Rule = .adamW, steps: Int = 6, sequences: Int = 4, length: Int = 8
  ) -> TrainingPlan {
    var plan = TrainingPlan(
      steps: steps, sequences: sequences, length: length, rate: 0.01,
      schedule: .cosine(warmup: 2), seed: 5)
    plan.rule = rule
    plan.clip = 0.5
    return plan
  }
}

/// A text that a small model can learn: a few phrases in changing order.
let toyText: [Int] = {
  let phrases = [[1, 2, 3, 4], [5, 6, 7], [8, 9, 10, 11, 12]]
  return testTokens(60, below: 3, seed: 9).flatMap { phrases[$0] }
}()

extension Trainer where Model == LanguageModel {
  /// Takes some steps and records them.
  mutating func run(_ count: Int) throws -> Course {
    var course = Course()
    for _ in 0..<count { course.reports.append(try takeStep()) }
    course.weights = model.values
    return course
  }

  /// Saves weights and state, as a program does.
  func save(to folder: URL) throws {
    try StoredTensors.write(
      model.namedParameters.map { NamedTensor($0.name, $0.parameter.value) }, in: folder)
    try writeState(into: folder)
  }

  /// Continues in a model that had other weights.
  static func resumed(
    _ configuration: DecoderConfiguration, from folder: URL, tokens: [Int]
  ) throws -> Trainer {
    let model = configuration.model(seed: 999)
    try model.load(StoredTensors(in: folder))
    return try Trainer(resuming: model, from: folder, tokens: tokens)
  }
}
