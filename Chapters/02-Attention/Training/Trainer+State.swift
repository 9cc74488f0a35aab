import Checkpoints
import Foundation
import Tensors
import Text

/// What a trainer remembers beside the weights: `trainer.json`.
private struct TrainerState: Codable {
  var plan: TrainingPlan
  var step: Int
  var generatorState: UInt64
  /// The place of a source that reads in an order.
  var place: Int?
  var smoothedLoss: MovingAverage
  var textFingerprint: UInt64
}

extension Trainer {
  package static var stateFile: String { "trainer.json" }
  private static var optimizerFile: String { "optimizer.safetensors" }
  private static var masterSuffix: String { ".master" }

  /// Writes what the next step needs beside the weights: optimizer, place in the plan, random state.
  ///
  /// Weights that the folder is to hold too must be in it already. Those that it stores in fewer
  /// than 32 bits are kept with the optimizer as well, as "….master": a step changes a weight by
  /// less than such a format can say.
  public func writeState(into folder: URL) throws {
    let state = TrainerState(
      plan: plan, step: step, generatorState: batches.generator.state,
      place: batches.place == 0 ? nil : batches.place, smoothedLoss: smoothedLoss,
      textFingerprint: batches.fingerprint)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try AtomicFile.write(
      try encoder.encode(state), to: folder.appendingPathComponent(Self.stateFile))
    try SafetensorsFile.write(
      optimizer.state.map { NamedTensor($0.name, $0.tensor) } + masters(in: folder),
      to: folder.appendingPathComponent(Self.optimizerFile))
  }

  /// The weights of which the folder's model holds only a rounded copy.
  private func masters(in folder: URL) throws -> [NamedTensor] {
    let names = ["model.safetensors", "model.safetensors.index.json"]
    guard
      names.contains(where: {
        FileManager.default.fileExists(atPath: folder.appendingPathComponent($0).path)
      })
    else { return [] }
    let stored = try StoredTensors(in: folder).entries
    let rounded = Set(stored.filter { $0.format != .f32 }.map(\.name))
    return withoutRepetition(model.namedParameters).filter { rounded.contains($0.name) }
      .map { NamedTensor($0.name + Self.masterSuffix, $0.parameter.value) }
  }

  /// Continues a run: the next steps have the bits that they would have had without the pause.
  ///
  /// The model must have the weights of that moment, as far as its format could say them; what was
  /// lost by rounding is put back. The text must be the same.
  /// - Parameters:
  ///   - steps: another number of steps for the whole run, which stretches its schedule.
  ///   - products: those of the run's precision, if its plan names one.
  ///   - optimizer: a fresh one of the run's kind, if the plan does not make it.
  ///   - gradients: who computes them, in the order of sums of the run, if not the shards.
  public init(
    resuming model: Model, from folder: URL, tokens: [Int], steps: Int? = nil,
    products: (any MatrixProduct)? = nil, optimizer: (any Optimizer)? = nil,
    gradients: (any GradientSource<Model>)? = nil
  ) throws {
    let plan = try Self.plan(in: folder)
    let sampler = try BatchSampler(
      tokens: tokens, sequences: plan.sequences, length: plan.length,
      generator: SplitMix64(seed: plan.seed))
    try self.init(
      resuming: model, from: folder, batches: sampler, steps: steps, products: products,
      optimizer: optimizer, gradients: gradients)
  }

  /// Continues a run whose batches come from a source, which goes on where the run left it.
  public init(
    resuming model: Model, from folder: URL, batches: any BatchSource, steps: Int? = nil,
    products: (any MatrixProduct)? = nil, optimizer: (any Optimizer)? = nil,
    gradients: (any GradientSource<Model>)? = nil
  ) throws {
    let state = try Self.readState(folder)
    guard state.textFingerprint == batches.fingerprint else {
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
      model, plan: plan, batches: batches, products: products ?? SinglePrecision(),
      optimizer: optimizer, gradients: gradients)
    step = state.step
    smoothedLoss = state.smoothedLoss
    self.batches.generator = SplitMix64(seed: state.generatorState)
    self.batches.place = state.place ?? 0
    let stored = try SafetensorsFile(at: folder.appendingPathComponent(Self.optimizerFile))
    var saved: [String: Tensor] = [:]
    for entry in stored.entries { saved[entry.name] = try stored.tensor(entry.name) }
    let masters = try takeMasters(from: &saved)
    try self.optimizer.restore(saved)
    for (parameter, value) in masters { parameter.value = value }
  }

  /// Takes the weights in 32 bits out of what was saved with the optimizer.
  private func takeMasters(
    from saved: inout [String: Tensor]
  ) throws(TrainingError) -> [(Parameter, Tensor)] {
    var found: [(Parameter, Tensor)] = []
    for (name, parameter) in withoutRepetition(model.namedParameters) {
      guard let value = saved.removeValue(forKey: name + Self.masterSuffix) else { continue }
      guard value.shape == parameter.shape else {
        throw .cannotResume(
          file: Self.optimizerFile,
          rule: "'\(name + Self.masterSuffix)' is \(value.shape), the weight "
            + "\(parameter.shape)")
      }
      found.append((parameter, value))
    }
    return found
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
