import Attention
import Tensors

/// What is done when the monitor finds a fault.
public enum SpikePolicy: String, Sendable, CaseIterable, Codable {
  /// It is said, and training goes on.
  case warn
  /// Training stops.
  case stop
  /// Training goes back to the last state that was kept, and leaves out the batches since then.
  case rollback
}

/// A trainer with a monitor at its side that acts on what it finds.
///
/// A spike may come from a batch, from a state that has become unstable, or from both at once.
/// Going back to an earlier state and leaving out the batches up to the spike cures both, and is
/// what large trainings do. It cannot cure a dead expert or a collapsed router, which were long in
/// the making: under `rollback` these are only said.
/// Paper: Chowdhery and others, 2022, "PaLM", §5.1.
public struct GuardedTrainer<Model: TrainableModel> {
  /// What a step came to.
  public enum Outcome: Sendable {
    /// It was taken, and this was found.
    case took(StepReport, findings: [TrainingMonitor.Finding])
    /// The state is that of an earlier step again.
    case wentBack(to: Int, TrainingMonitor.Finding)
  }

  /// The trainer.
  public private(set) var trainer: Trainer<Model>
  /// The monitor.
  public private(set) var monitor: TrainingMonitor
  /// What is done about faults.
  public let policy: SpikePolicy
  /// What happened so far.
  public private(set) var record: GuardRecord
  private var kept: Trainer<Model>.Snapshot
  private var keptMonitor: TrainingMonitor

  /// How often a run goes back to the same state before it gives up.
  public static var mostReturns: Int { 3 }

  /// Begins to guard a trainer, whose present state is kept.
  public init(
    _ trainer: Trainer<Model>, monitor: TrainingMonitor, policy: SpikePolicy,
    record: GuardRecord = GuardRecord()
  ) {
    self.trainer = trainer
    self.monitor = monitor
    self.policy = policy
    self.record = record
    kept = trainer.snapshot()
    keptMonitor = monitor
  }

  /// Keeps the present state as the one to go back to.
  public mutating func keep() {
    if trainer.step > kept.step { record.returnsToSame = 0 }
    kept = trainer.snapshot()
    keptMonitor = monitor
  }

  // snippet.step
  /// Takes a step, and does what the policy says about what it shows.
  public mutating func takeStep() throws -> Outcome {
    let report: StepReport
    do { report = try trainer.takeStep() } catch {
      let finding = monitor.finding(error, step: trainer.step + 1)
      guard policy == .rollback, let finding else { throw error }
      record.findings.append(finding)
      return try goBack(finding)
    }
    let findings = monitor.observe(report)
    record.findings += findings
    if policy == .stop, let first = findings.first { throw TrainingFault.stopped(first) }
    if policy == .rollback,
      let sudden = findings.first(where: { $0.kind == .spike || $0.kind == .notFinite })
    {
      return try goBack(sudden)
    }
    return .took(report, findings: findings)
  }
  // snippet.end

  private mutating func goBack(_ finding: TrainingMonitor.Finding) throws -> Outcome {
    guard record.returnsToSame < Self.mostReturns else {
      throw TrainingFault.tooManyReturns(finding, to: kept.step, times: Self.mostReturns)
    }
    record.returns += 1
    record.returnsToSame += 1
    trainer.restore(kept, skippingBatches: true)
    monitor = keptMonitor
    return .wentBack(to: kept.step, finding)
  }
}

/// What is stored of a guarded run beside the trainer's own state.
public struct GuardRecord: Sendable, Equatable, Codable {
  /// What was found.
  public internal(set) var findings: [TrainingMonitor.Finding] = []
  /// How often training went back.
  public internal(set) var returns = 0
  /// How often it went back to the state that is kept now.
  public internal(set) var returnsToSame = 0

  /// Nothing has happened.
  public init() {}
}

/// Why a guarded training does not go on.
public enum TrainingFault: Error, Equatable, CustomStringConvertible {
  /// The policy is to stop.
  case stopped(TrainingMonitor.Finding)
  /// Going back has not helped.
  case tooManyReturns(TrainingMonitor.Finding, to: Int, times: Int)

  /// One sentence that names the step and the rule.
  public var description: String {
    switch self {
    case .stopped(let finding): "Training stopped: \(finding.sentence)"
    case .tooManyReturns(let finding, let step, let times):
      "Training stopped after going back to step \(step) \(times) times: \(finding.sentence)"
    }
  }
}
