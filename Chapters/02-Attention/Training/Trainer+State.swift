import Checkpoints
import Foundation
import Tensors
import Text

/// What a trainer remembers beside the weights: `trainer.json`.
private struct TrainerState: Codable {
  var plan: TrainingPlan
  var step: Int
  var generatorState: UInt64
  var smoothedLoss: MovingAverage
  var textFingerprint: UInt64
}

extension Trainer {
  package static var stateFile: String { "trainer.json" }
  private static var optimizerFile: String { "optimizer.safetensors" }

  /// Writes what the next step needs beside the weights: optimizer, place in the plan, random state.
  public func writeState(into folder: URL) throws {
    let state = TrainerState(
      plan: plan, step: step, generatorState: source.generator.state,
      smoothedLoss: smoothedLoss, textFingerprint: source.fingerprint)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try AtomicFile.write(
      try encoder.encode(state), to: folder.appendingPathComponent(Self.stateFile))
    try SafetensorsFile.write(
      optimizer.state.map { NamedTensor($0.name, $0.tensor) },
      to: folder.appendingPathComponent(Self.optimizerFile))
  }

  /// Continues a run: the next steps have the bits that they would have had without the pause.
  ///
  /// The model must have the weights of that moment, and the text must be the same.
  /// - Parameters:
  ///   - steps: another number of steps for the whole run, which stretches its schedule.
  ///   - products: those of the run's precision, if its plan names one.
  ///   - optimizer: a fresh one of the run's kind, if the plan does not make it.
  public init(
    resuming model: Model, from folder: URL, tokens: [Int], steps: Int? = nil,
    products: (any MatrixProduct)? = nil, optimizer: (any Optimizer)? = nil
  ) throws {
    let plan = try Self.plan(in: folder)
    let sampler = try BatchSampler(
      tokens: tokens, sequences: plan.sequences, length: plan.length,
      generator: SplitMix64(seed: plan.seed))
    try self.init(
      resuming: model, from: folder, source: sampler, steps: steps, products: products,
      optimizer: optimizer)
  }

  /// Continues a run whose batches come from a source, which goes on where the run left it.
  public init(
    resuming model: Model, from folder: URL, source: any BatchSource, steps: Int? = nil,
    products: (any MatrixProduct)? = nil, optimizer: (any Optimizer)? = nil
  ) throws {
    let state = try Self.readState(folder)
    guard state.textFingerprint == source.fingerprint else {
      throw TrainingError.cannotResume(
        file: Self.stateFile,
        rule: "the run was trained on another text or with another tokenizer")
    }
    var plan = state.plan
    plan.steps = steps ?? plan.steps
    if let precision = plan.precision, products == nil {
      throw TrainingError.cannotResume(
        file: Self.stateFile, rule: "the run was trained in \(precision), not in 32 bits")
    }
    self.init(
      model, plan: plan, source: source, products: products ?? SinglePrecision(),
      optimizer: optimizer)
    step = state.step
    smoothedLoss = state.smoothedLoss
    self.source.generator = SplitMix64(seed: state.generatorState)
    let stored = try SafetensorsFile(at: folder.appendingPathComponent(Self.optimizerFile))
    var saved: [String: Tensor] = [:]
    for entry in stored.entries { saved[entry.name] = try stored.tensor(entry.name) }
    try self.optimizer.restore(saved)
  }

  /// The plan of a saved run.
  public static func plan(in folder: URL) throws -> TrainingPlan { try readState(folder).plan }

  private static func readState(_ folder: URL) throws -> TrainerState {
    let file = folder.appendingPathComponent(stateFile)
    guard let data = try? Data(contentsOf: file) else {
      throw TrainingError.cannotResume(
        file: file.path, rule: "there is no such file, so there is no run to resume")
    }
    do {
      let state = try JSONDecoder().decode(TrainerState.self, from: data)
      guard state.plan.isPossible, (0...state.plan.steps).contains(state.step) else {
        throw TrainingError.cannotResume(file: file.path, rule: "its numbers make no plan")
      }
      return state
    } catch is DecodingError {
      throw TrainingError.cannotResume(
        file: file.path, rule: "it is not the state of a trainer")
    }
  }
}
