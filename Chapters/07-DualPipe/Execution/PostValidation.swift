import Tensors

/// What is known of the length of a gradient whose stages have been looked at one after the other.
public struct PartialNorm: Sendable, Equatable {
  /// The sum of squares so far; not finite, if a gradient was not.
  public private(set) var squares = 0.0

  /// Nothing has been looked at.
  public init() {}

  /// Looks at one stage more.
  public mutating func add(_ gradients: Gradients) {
    for parameter in gradients.parameters { squares += gradients[parameter]?.sumOfSquares ?? 0 }
  }

  /// The factor that shortens a gradient of this length to a limit; nil if no step can be taken.
  public func factor(limit: Float) -> Float? {
    guard squares.isFinite else { return nil }
    let norm = squares.squareRoot()
    return norm > Double(limit) ? Float(Double(limit) / norm) : 1
  }
}

/// One stage's step before the length of the whole gradient is known.
///
/// To clip a gradient, all stages must meet to add up its length, and the meeting costs the bubble
/// that a schedule has saved. Most steps need no clipping. So a stage adds its part to what came
/// from the stages before, steps at once if that gives no reason not to, and passes the sum on.
/// Parts of a norm only grow: a reason found early stays one. When the whole sum comes back, a step
/// that was wrong is undone, and taken again with the clipped gradient if there is one.
/// Paper: Zero bubble §4.
public struct PostValidation: Sendable {
  /// What became of a step.
  public enum Outcome: Sendable, Equatable {
    /// The first step was right.
    case kept
    /// A gradient was not finite, and the weights are as they were.
    case skipped
    /// The step was taken with a shortened gradient.
    case clipped
  }

  /// c, the longest gradient that is used unshortened.
  public let limit: Float
  private var optimizer: UndoableAdamW
  private var pending: (gradients: Gradients, hasStepped: Bool)?

  /// Creates the optimizer of one stage.
  public init(_ optimizer: UndoableAdamW, limit: Float) {
    self.optimizer = optimizer
    self.limit = limit
  }

  /// Adds this stage's part to the norm, and steps unless it is a reason not to.
  public mutating func step(_ gradients: Gradients, after norm: inout PartialNorm) {
    norm.add(gradients)
    let hasStepped = norm.factor(limit: limit) == 1
    if hasStepped { optimizer.step(gradients) }
    pending = (gradients, hasStepped)
  }

  /// Learns the norm of all stages, and mends the step if it was wrong.
  @discardableResult
  public mutating func validate(_ norm: PartialNorm) -> Outcome {
    guard let (gradients, hasStepped) = pending.take() else {
      fatalError("PostValidation: there is no step to validate")
    }
    let factor = norm.factor(limit: limit)
    if factor == 1 { return .kept }
    if hasStepped { optimizer.undo(gradients) }
    guard let factor else { return .skipped }
    optimizer.step(gradients, scaledBy: factor)
    return .clipped
  }
}
