import Attention
import Checkpoints
import Foundation
import MTP
import Tensors

/// What a run remembers beside the policy's weights: `zero.json`.
private struct ZeroState: StoredState {
  var plan: ZeroPlan
  var update: Int
  var generatorState: UInt64
  var bestScore: Double
  var bestUpdate: Int
  var controlOfBase: Double?
  var gradientTokens: Int?

  var isPossible: Bool { plan.isPossible && (0...1_000_000).contains(update) }
}

extension ZeroRun {
  /// The file that tells a run from a mere model.
  public static var stateFile: String { "zero.json" }
  private static var optimizerFile: String { "optimizer.safetensors" }
  private static var referenceFile: String { "reference.safetensors" }

  /// Writes what the next update needs beside the policy: plan, place, random state, optimizer,
  /// reference and critic.
  public func writeState(into folder: URL) throws {
    let state = ZeroState(
      plan: plan, update: update, generatorState: generator.state, bestScore: best.score,
      bestUpdate: best.update, controlOfBase: controlOfBase, gradientTokens: gradientTokens)
    try state.write(to: folder.appending(path: Self.stateFile))
    try SafetensorsFile.write(
      optimizer.state.map { NamedTensor($0.name, $0.tensor) },
      to: folder.appending(path: Self.optimizerFile))
    try SafetensorsFile.write(
      reference.model.namedParameters.map { NamedTensor($0.name, $0.parameter.value) },
      to: folder.appending(path: Self.referenceFile))
    try learningCritic?.write(into: folder)
  }

  /// Continues a run: the next updates have the bits that they would have had without the
  /// pause.
  /// - Parameters:
  ///   - policy: the model with the weights of that moment.
  ///   - twin: a model of the same sizes, whose weights become those of the saved reference.
  ///   - updates: another number of updates for the whole run.
  public init(
    resuming policy: DeepSeekModel, twin: DeepSeekModel, from folder: URL, updates: Int? = nil,
    alphabet: TaskAlphabet = .standard
  ) throws {
    let state = try Self.state(in: folder)
    var plan = state.plan
    plan.updates = updates ?? plan.updates
    self.init(policy, twin: twin, plan: plan, alphabet: alphabet)
    update = state.update
    best = (state.bestScore, state.bestUpdate)
    controlOfBase = state.controlOfBase
    gradientTokens = state.gradientTokens ?? 0
    generator = SplitMix64(seed: state.generatorState)
    try optimizer.restore(
      SafetensorsFile.tensors(at: folder.appending(path: Self.optimizerFile)))
    try learningCritic?.restore(
      SafetensorsFile.tensors(at: folder.appending(path: LearningCritic.file)), from: folder)
    try reference.model.restore(from: folder.appending(path: Self.referenceFile))
  }

  /// The plan of a saved run.
  public static func plan(in folder: URL) throws -> ZeroPlan { try state(in: folder).plan }

  private static func state(in folder: URL) throws -> ZeroState {
    try .read(from: folder.appending(path: stateFile))
  }
}
