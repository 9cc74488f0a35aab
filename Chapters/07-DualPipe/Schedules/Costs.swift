import Tensors

/// How long the operations of a schedule last, in any unit.
public struct Costs: Sendable, Equatable {
  /// F, a chunk's forward pass.
  public var forward: Double
  /// B, its whole backward pass.
  public var backward: Double
  /// W, the part of B that computes the gradient of the weights.
  public var weights: Double
  /// F&B, a forward and a backward pass overlapped.
  public var pair: Double
  /// How long a message travels between two ranks.
  public var transfer: Double

  /// Describes costs; without a figure for it, a pair lasts as long as its two passes.
  public init(
    forward: Double = 1, backward: Double = 2, weights: Double = 1, pair: Double? = nil,
    transfer: Double = 0
  ) {
    self.forward = forward
    self.backward = backward
    self.weights = weights
    self.pair = pair ?? forward + backward
    self.transfer = transfer
    let all = [forward, backward, weights, self.pair, transfer]
    insist(
      all.allSatisfy { $0 >= 0 && $0.isFinite } && weights <= backward,
      "Costs: \(all); they are not negative, and W is a part of B")
  }

  /// I, the part of B that computes the gradient of the input.
  public var inputs: Double { backward - weights }

  /// How long an operation lasts.
  public func duration(of operation: Operation) -> Double {
    switch operation {
    case .forward: forward
    case .backward: backward
    case .inputs: inputs
    case .weights: weights
    case .pair: pair
    }
  }
}
