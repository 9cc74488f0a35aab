/// A tensor's value, and its place on a tape.
public struct Variable {
  /// What was computed.
  public let value: Tensor
  /// Where it was recorded.
  public let tape: Tape
  /// The place of its gradient; nil when it needs none.
  let place: Int?

  /// The size of each axis.
  public var shape: [Int] { value.shape }

  /// The same value, through which no gradient flows.
  public var detached: Variable { tape.constant(value) }
}
