import Attention
import Checkpoints
import Foundation
import MTP
import RL
import Tensors

/// What a run remembers beside the student's weights: `distillation.json`.
private struct DistillationState: StoredState {
  var plan: DistillationPlan
  var step: Int
  var tokens: Int
  var bestScore: Double
  var bestStep: Int
  var misses: Int
  var controlOfBase: Double?
  /// What the samples are, so that a run is not continued with others.
  var samples: UInt64?

  var isPossible: Bool { plan.isPossible && [step, tokens, misses].allSatisfy { $0 >= 0 } }
}

extension DistillationRun {
  /// The file that tells a run from a mere model.
  public static var stateFile: String { "distillation.json" }
  private static var optimizerFile: String { "optimizer.safetensors" }

  /// Writes what the next step needs beside the student: plan, place, optimizer.
  public func writeState(into folder: URL) throws {
    let state = DistillationState(
      plan: plan, step: step, tokens: tokens, bestScore: best.score, bestStep: best.step,
      misses: misses, controlOfBase: controlOfBase, samples: samples?.fingerprint)
    try state.write(to: folder.appending(path: Self.stateFile))
    if let zero {
      try zero.writeState(into: folder)
    } else {
      try SafetensorsFile.write(
        optimizer.state.map { NamedTensor($0.name, $0.tensor) },
        to: folder.appending(path: Self.optimizerFile))
    }
  }

  /// Continues a run: the next steps have the bits that they would have had without the pause.
  /// - Parameters:
  ///   - student: the model with the weights of that moment.
  ///   - tokens: another number of tokens for the whole run, which stretches its schedule.
  public init(
    resuming student: LanguageModel, from teacher: LanguageModel, samples: TeacherSamples,
    in folder: URL, tokens: Int? = nil, alphabet: TaskAlphabet = .standard
  ) throws {
    let state = try Self.state(in: folder)
    guard state.samples == samples.fingerprint else {
      throw TrainingError.cannotResume(
        file: folder.appending(path: Self.stateFile).path,
        rule: "the run learns from other samples")
    }
    try self.init(
      student, from: teacher, samples: samples, plan: state.plan(tokens: tokens),
      alphabet: alphabet)
    restore(state)
    try optimizer.restore(
      SafetensorsFile.tensors(at: folder.appending(path: Self.optimizerFile)))
  }

  /// Continues a run of reinforcement.
  public init(
    resumingReinforced student: LanguageModel, twin: LanguageModel, in folder: URL,
    tokens: Int? = nil, alphabet: TaskAlphabet = .standard
  ) throws {
    let state = try Self.state(in: folder)
    self.init(
      reinforcing: student, twin: twin, plan: state.plan(tokens: tokens), alphabet: alphabet)
    restore(state)
    zero = try ZeroRun(
      resuming: DeepSeekModel(language: student, modules: []),
      twin: DeepSeekModel(language: twin, modules: []), from: folder, alphabet: alphabet)
  }

  private mutating func restore(_ state: DistillationState) {
    (step, tokens, misses) = (state.step, state.tokens, state.misses)
    best = (state.bestScore, state.bestStep)
    controlOfBase = state.controlOfBase
  }

  /// The plan of a saved run.
  public static func plan(in folder: URL) throws -> DistillationPlan {
    try state(in: folder).plan
  }

  private static func state(in folder: URL) throws -> DistillationState {
    try .read(from: folder.appending(path: stateFile))
  }
}

extension DistillationState {
  fileprivate func plan(tokens: Int?) -> DistillationPlan {
    var copy = plan
    copy.tokens = tokens ?? plan.tokens
    return copy
  }
}
