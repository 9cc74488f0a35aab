import Tensors

/// Everything that decides the course of a training run, apart from the model and the text.
public struct TrainingPlan: Codable, Sendable, Equatable {
  /// The rule that moves the weights.
  public enum Rule: String, Codable, Sendable, CaseIterable {
    /// AdamW for every weight, as DeepSeek-V3 used.
    case adamW = "adamw"
    /// Muon for the matrices between hidden layers, AdamW for the rest.
    case muon
  }

  /// The number of steps.
  public var steps: Int
  /// The sequences of a batch; of the largest, if they grow.
  public var sequences: Int
  /// How batches grow at the start; nil when all have one size.
  public var ramp: BatchRamp?
  /// The tokens of a sequence.
  public var length: Int
  /// The parts into which a batch is cut, each with a tape of its own.
  ///
  /// The cut is part of the plan and not of the machine: it fixes the order of the sums.
  public var shards = 2
  /// The rule.
  public var rule = Rule.adamW
  /// The learning rate at its highest; with Muon, that of the weights left to AdamW.
  public var rate: Float
  /// The learning rate of Muon's matrices at its highest.
  public var matrixRate: Float = 0.02
  /// The decay of the weights.
  public var decay: Float = 0.1
  /// The course of the rate.
  public var schedule: Schedule
  /// The course of numbers that layers depend on, by the name of each `Coefficient`.
  public var coefficients: [String: Schedule] = [:]
  /// The longest gradient that is used unshortened.
  public var clip: Float = 1
  /// The name of the precision in which a step computes, if it is not 32 bits; chapter 6 has others.
  public var precision: String?
  /// The seed of the batches.
  public var seed: UInt64 = 0

  /// Creates a plan.
  public init(
    steps: Int, sequences: Int, length: Int, rate: Float, schedule: Schedule, seed: UInt64 = 0
  ) {
    self.steps = steps
    self.sequences = sequences
    self.length = length
    self.rate = rate
    self.schedule = schedule
    self.seed = seed
  }

  /// The tokens of one step; of the largest, if batches grow.
  public var tokensPerStep: Int { sequences * length }

  /// The sequences of the batch of a step, counted from 1.
  public func sequences(at step: Int) -> Int {
    guard let ramp else { return sequences }
    return ramp.sequences(after: ramp.total(after: step - 1, to: sequences), to: sequences)
  }

  /// The tokens of all batches up to a step.
  public func tokens(after step: Int) -> Int {
    length * (ramp?.total(after: step, to: sequences) ?? step * sequences)
  }

  /// The share of the training's tokens that have been seen after a step.
  public func share(after step: Int) -> Double {
    Double(tokens(after: step)) / Double(max(tokens(after: steps), 1))
  }

  /// Whether the numbers make sense; a plan that was read from a file might not.
  var isPossible: Bool {
    let sizes = [steps, sequences, length, shards]
    let rates = [rate, matrixRate, clip]
    // No machine takes 64 million tokens in a step.
    if let ramp, !(1...sequences).contains(ramp.first) || !(0..<1 << 40).contains(ramp.length) {
      return false
    }
    return sizes.allSatisfy { $0 > 0 && $0 < 1 << 32 } && sequences <= (1 << 26) / length
      && rates.allSatisfy { $0 > 0 && $0.isFinite } && decay >= 0
  }

  /// Makes the optimizer.
  public func optimizer(for model: some Module) -> any Optimizer {
    switch rule {
    case .adamW:
      AdamW(model.namedParameters, rate: rate, decay: decay)
    case .muon:
      Muon(model.namedParameters, rate: matrixRate, restRate: rate, decay: decay)
    }
  }
}
