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
      plan: plan, step: step, generatorState: sampler.generator.state,
      smoothedLoss: smoothedLoss, textFingerprint: Self.fingerprint(sampler.tokens))
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
  ///   - source: who computes the gradients, in the order of sums of the run, if not the shards.
  public init(
    resuming model: Model, from folder: URL, tokens: [Int], steps: Int? = nil,
    products: (any MatrixProduct)? = nil, optimizer: (any Optimizer)? = nil,
    source: (any GradientSource<Model>)? = nil
  ) throws {
    let state = try Self.readState(folder)
    guard state.textFingerprint == Self.fingerprint(tokens) else {
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
    try self.init(
      model, plan: plan, tokens: tokens, products: products ?? SinglePrecision(),
      optimizer: optimizer, source: source)
    step = state.step
    smoothedLoss = state.smoothedLoss
    sampler = try BatchSampler(
      tokens: tokens, sequences: plan.sequences, length: plan.length,
      generator: SplitMix64(seed: state.generatorState))
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

  /// A number that tells texts apart: FNV-1a over the tokens.
  private static func fingerprint(_ tokens: [Int]) -> UInt64 {
    tokens.reduce(0xCBF2_9CE4_8422_2325) {
      ($0 ^ UInt64(bitPattern: Int64($1))) &* 0x100_0000_01B3
    }
  }
}
