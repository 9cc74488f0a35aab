import Attention
import Checkpoints
import Foundation
import MTP
import RL
import Tensors

/// What a stage remembers beside the policy's weights: `reinforcement.json`.
private struct ReinforcementState: StoredState {
  var plan: ReinforcementPlan
  var update: Int
  var generatorState: UInt64

  var isPossible: Bool { plan.isPossible && (0...1_000_000).contains(update) }
}

extension ReinforcementRun {
  /// The file that tells a stage in progress from a mere model.
  public static var stateFile: String { "reinforcement.json" }
  private static var optimizerFile: String { "optimizer.safetensors" }
  private static var referenceFile: String { "reference.safetensors" }

  /// Writes what the next update needs beside the policy and the reward model.
  public func writeState(into folder: URL) throws {
    let state = ReinforcementState(plan: plan, update: update, generatorState: generator.state)
    try state.write(to: folder.appending(path: Self.stateFile))
    try SafetensorsFile.write(
      optimizer.state.map { NamedTensor($0.name, $0.tensor) },
      to: folder.appending(path: Self.optimizerFile))
    try SafetensorsFile.write(
      reference.model.namedParameters.map { NamedTensor($0.name, $0.parameter.value) },
      to: folder.appending(path: Self.referenceFile))
  }

  /// Continues a stage: the next updates have the bits that they would have had without the pause.
  /// - Parameters:
  ///   - policy: the model with the weights of that moment.
  ///   - twin: a model of the same sizes, whose weights become those of the saved reference.
  public init(
    resuming policy: DeepSeekModel, twin: DeepSeekModel, from folder: URL,
    people: RewardModel? = nil, alphabet: TaskAlphabet = .bilingual
  ) throws {
    let state = try Self.state(in: folder)
    guard people != nil || state.plan.requests == 0 else {
      throw TrainingError.cannotResume(
        file: folder.appending(path: Self.stateFile).path,
        rule: "its requests need the reward model, which is not there")
    }
    self.init(policy, twin: twin, plan: state.plan, people: people, alphabet: alphabet)
    update = state.update
    generator = SplitMix64(seed: state.generatorState)
    try optimizer.restore(
      SafetensorsFile.tensors(at: folder.appending(path: Self.optimizerFile)))
    try reference.model.restore(from: folder.appending(path: Self.referenceFile))
  }

  private static func state(in folder: URL) throws -> ReinforcementState {
    try .read(from: folder.appending(path: stateFile), of: "a stage")
  }
}

extension RewardModel {
  /// Writes the weights of backbone and head.
  public func write(to file: URL) throws {
    try SafetensorsFile.write(
      namedParameters.map { NamedTensor($0.name, $0.parameter.value) }, to: file)
  }

  /// Reads a reward model that `write` has left.
  /// - Parameter twin: a model of the same sizes, whose weights are overwritten.
  public init(
    contentsOf file: URL, in twin: LanguageModel, alphabet: TaskAlphabet = .bilingual
  ) throws {
    self.init(in: twin, alphabet: alphabet)
    try restore(from: file)
  }
}
