import Tensors

extension Trainer {
  /// Everything that the next step depends on, kept in memory.
  public struct Snapshot: Sendable {
    /// The number of steps done.
    public let step: Int
    fileprivate let smoothedLoss: MovingAverage
    fileprivate let weights: [Tensor]
    fileprivate let optimizer: any Optimizer
    fileprivate let generator: SplitMix64
    fileprivate let place: Int
  }

  /// Notes where the training stands.
  public func snapshot() -> Snapshot {
    Snapshot(
      step: step, smoothedLoss: smoothedLoss, weights: model.parameters.map(\.value),
      optimizer: optimizer, generator: batches.generator, place: batches.place)
  }

  /// Goes back to an earlier moment of this training.
  /// - Parameter skippingBatches: whether the batches since then are left out for good, rather
  ///   than drawn again.
  public mutating func restore(_ snapshot: Snapshot, skippingBatches: Bool = false) {
    step = snapshot.step
    smoothedLoss = snapshot.smoothedLoss
    for (parameter, value) in zip(model.parameters, snapshot.weights) {
      parameter.value = value
    }
    optimizer = snapshot.optimizer
    if !skippingBatches {
      batches.generator = snapshot.generator
      batches.place = snapshot.place
    }
  }
}
