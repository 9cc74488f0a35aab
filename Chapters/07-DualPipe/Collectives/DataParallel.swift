import Attention
import Tensors
import Text

/// One of several copies of a model, each on a rank of its own with its own share of every
/// batch.
///
/// The loss of a share is divided by the targets of the whole batch, so gradients add up to
/// that of the whole; nobody divides by the number of ranks.
public struct Replica<Model: TrainableModel & Sendable>: Sendable {
  /// The copy, with the same weights on every rank.
  public let model: Model
  /// Its weights laid end to end.
  public let weights: FlatWeights

  /// Makes a copy ready; every rank must begin with the same weights.
  public init(_ model: Model) {
    self.model = model
    weights = FlatWeights(model.namedParameters)
  }

  /// What a share of a batch says about the weights.
  public struct Result: Sendable {
    /// The share's part of the mean loss.
    public var loss: Double
    /// The gradient of it and of what layers add.
    public var gradients: Gradients
    /// What the layers saw.
    public var observations: Observations
  }

  /// Goes forward and backward over one share of a batch.
  public func result(
    of share: Int, among shares: Int, of batch: Batch, _ coefficients: Coefficients = .init()
  ) -> Result {
    let part = batch.shards(shares)[share]
    let pass = Pass(
      Sequences(part), on: Tape(),
      share: Float(part.sequences) / Float(batch.sequences), coefficients: coefficients)
    let loss = model.loss(of: part, in: pass, divisor: batch.targetCount)
    let objective = pass.auxiliaryLosses.reduce(loss) { $0 + $1 }
    return Result(
      loss: Double(loss.value.scalar), gradients: pass.tape.gradients(of: objective),
      observations: pass.observations)
  }
}

extension RankGroup {
  /// Adds the gradients of all ranks; every rank gets the same bits.
  public func allReduced(
    _ gradients: Gradients, of weights: FlatWeights, by way: Reduction = .ring
  ) throws(ClusterError) -> Gradients {
    let presence = try sums(weights.presence(of: gradients))
    let sum = try allReduced(weights.numbers(of: gradients), by: way)
    return weights.gradients(sum, presence: presence)
  }

  /// Adds the loads that all ranks saw, so that every copy moves its routing bias alike.
  public func allReduced(_ observations: Observations) throws(ClusterError) -> Observations {
    let loads = observations.loads
    let counts = try sums(loads.flatMap { $0.counts.map { Double($0) } })
    let pass = Pass(Sequences(count: 0, length: 0), on: Tape(recording: false))
    var start = 0
    for load in loads {
      let sum = counts[start..<start + load.counts.count].map { Int($0) }
      pass.observe(load: sum, of: load.router)
      start += load.counts.count
    }
    return pass.observations
  }
}
