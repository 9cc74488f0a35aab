import Attention
import Checkpoints
import FP8
import Foundation
import MTP
import Tensors
import TestSupport
import Testing

/// A text that a small model can learn: a few phrases in changing order.
private let phrases: [Int] = {
  let words = [[1, 2, 3, 4], [5, 6, 7], [8, 9, 10, 11, 12]]
  var generator = SplitMix64(seed: 9)
  return (0..<300).flatMap { _ in words[Int(generator.next() % 3)] }
}()

/// A short plan of the smallest V3.
private func plan(_ rule: TrainingPlan.Rule = .adamW, steps: Int = 8) -> TrainingPlan {
  var plan = NamedConfiguration.tinyV3.plan
  (plan.steps, plan.sequences, plan.rule) = (steps, 2, rule)
  return plan
}

private typealias V3Trainer = Trainer<DeepSeekModel>

private func trainer(
  _ precision: Precision, _ plan: TrainingPlan = plan()
) throws -> V3Trainer {
  try V3Trainer(
    DeepSeekModel(NamedConfiguration.tinyV3.model, seed: 1), plan: plan, tokens: phrases,
    in: precision)
}

/// What a training leaves behind, apart from the identity of its routers.
private struct Course: Equatable {
  var losses: [Double] = []
  var norms: [Double] = []
  var weights: [Tensor] = []

  init(_ trainer: inout V3Trainer, steps: Int) throws {
    for _ in 0..<steps {
      let report = try trainer.takeStep()
      losses.append(report.loss)
      norms.append(report.gradientNorm)
    }
    weights = trainer.model.parameters.map(\.value)
  }
}

/// Runs a body with a folder of its own and removes the folder afterwards.
private func withFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appending(path: "fp8-\(UUID())")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}

/// How a directory stores the weights.
private enum Storage: CaseIterable {
  case single, brain, eightBits

  var configuration: DecoderConfiguration {
    var configuration = NamedConfiguration.tinyV3.model
    if self == .brain { configuration.weightFormat = .bf16 }
    if self == .eightBits { configuration.weightBlock = WeightBlock(rows: 16, columns: 16) }
    return configuration
  }
}

/// Saves weights and state, as a program does.
private func save(
  _ trainer: V3Trainer, to folder: URL, as storage: Storage = .single
) throws {
  let weights = trainer.model.namedParameters.map { ($0.name, $0.parameter.value) }
  try StoredTensors.write(storage.configuration.storedTensors(weights), in: folder)
  try trainer.writeState(into: folder)
}

private func continued(
  _ folder: URL, storedAs storage: Storage = .single
) throws -> V3Trainer {
  let model = DeepSeekModel(NamedConfiguration.tinyV3.model, seed: 999)
  try model.load(
    StoredTensors(in: folder, weightBlock: storage.configuration.weightBlock))
  return try V3Trainer(continuing: model, from: folder, tokens: phrases)
}

@Suite struct `A training in some precision` {
  @Test func `is in single precision what it is without one`() throws {
    var plain = try V3Trainer(
      DeepSeekModel(NamedConfiguration.tinyV3.model, seed: 1), plan: plan(), tokens: phrases)
    var named = try trainer(.fp32)
    #expect(try Course(&plain, steps: 4) == Course(&named, steps: 4))
    #expect(named.plan == plain.plan && named.plan.precision == nil)
  }

  @Test(arguments: [Precision.bf16, .fp8])
  func `differs, and learns all the same`(precision: Precision) throws {
    var plan = plan(steps: 60)
    plan.rate = 0.01
    var (tried, single) = (try trainer(precision, plan), try trainer(.fp32, plan))
    let (course, reference) = (try Course(&tried, steps: 60), try Course(&single, steps: 60))
    #expect(course.losses[0] != reference.losses[0])
    #expect(abs(course.losses[0] - reference.losses[0]) < 0.01)
    #expect(course.losses[59] < 0.6 * course.losses[0])
    #expect(tried.plan.precision == precision.rawValue)
  }

  @Test(arguments: Precision.allCases)
  func `has the same bits on any number of threads`(precision: Precision) throws {
    let courses = try [1, 2, 5].map { threads in
      try Threads.with(threads) {
        var trainer = try trainer(precision)
        return try Course(&trainer, steps: 3)
      }
    }
    for course in courses.dropFirst() { #expect(course == courses[0]) }
  }

  @Test(arguments: Precision.allCases, TrainingPlan.Rule.allCases)
  func `continues bit for bit in the precision that it began with`(
    precision: Precision, rule: TrainingPlan.Rule
  ) throws {
    try withFolder { folder in
      var whole = try trainer(precision, plan(rule))
      let course = try Course(&whole, steps: 6)
      var begun = try trainer(precision, plan(rule))
      _ = try Course(&begun, steps: 3)
      try save(begun, to: folder)
      var rest = try continued(folder)
      #expect(rest.plan == whole.plan && rest.step == 3)
      let found = try Course(&rest, steps: 3)
      #expect(found.losses == Array(course.losses[3...]))
      #expect(found.norms == Array(course.norms[3...]))
      #expect(found.weights == course.weights)
    }
  }

  /// A step changes a weight by less than eight bits, or sixteen, can say.
  @Test(arguments: Storage.allCases)
  private func `continues from a directory whose weights were rounded when it was saved`(
    storage: Storage
  ) throws {
    try withFolder { folder in
      var whole = try trainer(.fp8)
      _ = try Course(&whole, steps: 3)
      let weights = whole.model.parameters.map(\.value)
      try save(whole, to: folder, as: storage)
      let stored = DeepSeekModel(NamedConfiguration.tinyV3.model, seed: 999)
      try stored.load(
        StoredTensors(in: folder, weightBlock: storage.configuration.weightBlock))
      #expect((stored.parameters.map(\.value) == weights) == (storage == .single))
      let file = try SafetensorsFile(at: folder.appending(path: "optimizer.safetensors"))
      #expect(
        file.entries.contains { $0.name.hasSuffix(".master") } == (storage != .single))

      var rest = try continued(folder, storedAs: storage)
      #expect(rest.model.parameters.map(\.value) == weights)
      #expect(try Course(&rest, steps: 3) == Course(&whole, steps: 3))
    }
  }

  @Test func `refuses a weight in 32 bits that has another shape`() throws {
    try withFolder { folder in
      var begun = try trainer(.fp8)
      _ = try Course(&begun, steps: 1)
      try save(begun, to: folder, as: .eightBits)
      let url = folder.appending(path: "optimizer.safetensors")
      let file = try SafetensorsFile(at: url)
      let name = "model.norm.weight"
      let tensors = try file.entries.map { NamedTensor($0.name, try file.tensor($0.name)) }
      try SafetensorsFile.write(
        tensors + [NamedTensor(name + ".master", Tensor([1, 2], shape: [2]))], to: url)
      #expect(
        throws: TrainingError.cannotResume(
          file: "optimizer.safetensors", rule: "'\(name).master' is [2], the weight [16]")
      ) { try continued(folder, storedAs: .eightBits) }
    }
  }

  @Test func `keeps the weights in single precision and the moments in two bytes`() throws {
    try withFolder { folder in
      var trainer = try trainer(.fp8)
      _ = try Course(&trainer, steps: 2)
      let weights = trainer.model.parameters.filter { $0.shape.count == 2 }.map(\.value)
      #expect(weights.contains { $0 != $0.roundedToBrain })
      try save(trainer, to: folder)
      let file = try SafetensorsFile(at: folder.appending(path: "optimizer.safetensors"))
      let moments = file.entries.map(\.name).filter { $0.hasSuffix("_moment") }
      #expect(
        moments.count == 2 * Set(trainer.model.parameters.map(ObjectIdentifier.init)).count)
      for name in moments {
        let moment = try file.tensor(name)
        #expect(moment == moment.roundedToBrain, "\(name)")
      }
    }
  }

  @Test func `is not continued in another by mistake, nor in one that nobody knows`() throws {
    try withFolder { folder in
      var begun = try trainer(.bf16)
      _ = try Course(&begun, steps: 1)
      try save(begun, to: folder)
      let model = DeepSeekModel(NamedConfiguration.tinyV3.model, seed: 1)
      #expect(
        throws: TrainingError.cannotResume(
          file: "trainer.json", rule: "the run was trained in bf16, not in 32 bits")
      ) { try V3Trainer(resuming: model, from: folder, tokens: phrases) }

      let file = folder.appending(path: "trainer.json")
      let state = try String(contentsOf: file, encoding: .utf8)
      try Data(state.replacing("\"bf16\"", with: "\"fp4\"").utf8).write(to: file)
      #expect(throws: UnknownPrecision(name: "fp4")) { try continued(folder) }
      #expect(
        UnknownPrecision(name: "fp4").description
          == "trainer.json: the precision 'fp4' is none of fp32, bf16, fp8.")
    }
  }
}

@Suite struct `Two trainings in different precisions` {
  private func trial(_ precision: Precision) throws -> PrecisionTrial {
    var trial = try PrecisionTrial(
      precision, of: NamedConfiguration.tinyV3.model, plan: plan(), tokens: phrases)
    for _ in 0..<6 { try trial.takeStep() }
    return trial
  }

  @Test func `are one training if the precisions are one`() throws {
    let trial = try trial(.fp32)
    #expect(trial.losses == trial.referenceLosses && trial.losses.count == 6)
    #expect(trial.relativeDifferences == [Double](repeating: 0, count: 6))
    let (tried, reference) = trial.models
    #expect(tried.parameters.map(\.value) == reference.parameters.map(\.value))
  }

  @Test(arguments: [Precision.bf16, .fp8])
  func `differ by little at first`(precision: Precision) throws {
    let trial = try trial(precision)
    for difference in trial.relativeDifferences {
      #expect(difference != 0 && abs(difference) < 0.005)
    }
  }

  @Test func `are compared by means that forget a tenth`() throws {
    let trial = try trial(.bf16)
    let (x, y) = (trial.losses, trial.referenceLosses)
    let (s, r) = ((0.09 * x[0] + 0.1 * x[1]) / 0.19, (0.09 * y[0] + 0.1 * y[1]) / 0.19)
    #expect(abs(trial.relativeDifferences[0] - (x[0] - y[0]) / y[0]) < 1e-12)
    #expect(abs(trial.relativeDifferences[1] - (s - r) / r) < 1e-12)
  }
}
