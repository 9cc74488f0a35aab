import Checkpoints
import DualPipe

/// A training step as chapter 7's simulator sees it.
public struct StepPlan: Sendable {
  /// When each operation of each rank runs.
  public let timetable: Timetable
  /// What follows: the optimizer, for which all wait.
  public let optimizer: Double
  /// The tokens of the step, of all pipelines.
  public let tokens: Double

  /// Lays out and simulates a step.
  public init(
    _ layout: TrainingLayout, _ costs: Costs, sequences: Int = MeasuredStep.batch.sequences,
    length: Int = MeasuredStep.batch.length, optimizer: Double = 0
  ) throws {
    let count = layout.microBatches(sequences: sequences, length: length)
    timetable = try Timetable(
      layout.method.schedule(ranks: layout.pipeline, microBatches: count), costs)
    self.optimizer = optimizer
    tokens = Double(sequences) * Double(length)
  }

  /// The time of the step.
  public var seconds: Double { timetable.makespan + optimizer }
  /// Billions of tokens a day.
  public var tokensPerDay: Double { 86_400 / seconds * tokens / 1e9 }
}

/// How often the operations of a rank occur alone or in pairs.
public struct OperationCounts: Sendable, Equatable {
  /// Forward passes alone.
  public private(set) var forward = 0
  /// Whole backward passes alone.
  public private(set) var backward = 0
  /// Backward passes for the input alone.
  public private(set) var inputs = 0
  /// Gradients of weights alone.
  public private(set) var weights = 0
  /// Forward and backward passes overlapped.
  public private(set) var pairs = 0

  /// Counts a rank's operations.
  public init(_ operations: [DualPipe.Operation]) {
    for operation in operations {
      switch operation {
      case .forward: forward += 1
      case .backward: backward += 1
      case .inputs: inputs += 1
      case .weights: weights += 1
      case .pair: pairs += 1
      }
    }
  }
}

extension MeasuredStep {
  // snippet.recovered
  /// What one operation lasted, recovered from the sums of the table and the schedule's counts.
  ///
  /// The table does not say of which rank it is; the ends of the pipeline fit. "1B" is taken as
  /// the input's part of all backward passes that stand alone, and the weights' part of the whole
  /// ones.
  public func costs(_ layout: TrainingLayout = .v3) throws -> Costs {
    let count = layout.microBatches(
      sequences: Self.batch.sequences, length: Self.batch.length)
    let schedule = try layout.method.schedule(ranks: layout.pipeline, microBatches: count)
    let counts = OperationCounts(schedule.plan[0])
    let forward = self.forward / Double(counts.forward)
    let weights = self.weights / Double(counts.weights)
    let inputs =
      (backward - Double(counts.backward) * weights) / Double(counts.inputs + counts.backward)
    return Costs(
      forward: forward, backward: inputs + weights, weights: weights,
      pair: pairs / Double(counts.pairs))
  }
  // snippet.end
}
