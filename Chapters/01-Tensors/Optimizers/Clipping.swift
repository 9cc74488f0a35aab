/// A gradient with an entry that is not a number, or is infinite.
///
/// Scaling cannot repair it, and one step along it would spoil every weight.
public struct NonFiniteGradient: Error, CustomStringConvertible {
  /// The norm of all gradients together: nan or infinite.
  public let norm: Float
  /// The first parameter with such an entry, in the order in which the model uses them.
  public let parameter: Parameter?

  /// One sentence that says what was found.
  public var description: String {
    let place = parameter.map { "first in a weight of shape \($0.shape)" } ?? "by its size"
    return "The gradient's norm is \(norm), \(place), so no step can be taken."
  }
}

extension Gradients {
  /// Shortens the gradient to a given norm when it is longer, and returns the norm it had.
  ///
  /// All gradients laid end to end are one vector: its direction stays. g ← g · min(1, c / ‖g‖).
  /// - Throws: `NonFiniteGradient`, with nothing changed, when the norm is not finite.
  ///
  /// Paper: Pascanu and others 2013; DeepSeek-V3 §4.2 uses c = 1.
  @discardableResult
  public mutating func clip(toNorm limit: Float) throws(NonFiniteGradient) -> Float {
    insist(limit > 0, "clip: \(limit) is no length; the limit must be above zero")
    // snippet.clip
    let norm = norm
    guard norm.isFinite else {
      let culprit = parameters.first { self[$0]?.sumOfSquares.isFinite == false }
      throw NonFiniteGradient(norm: norm, parameter: culprit)
    }
    if norm > limit { scale(by: limit / norm) }
    // snippet.end
    return norm
  }

  /// The mean of several gradients, added in the order of the list.
  ///
  /// When each is the gradient of the mean loss of an equal share of a batch, this is the gradient
  /// of the mean loss of the whole batch.
  public static func mean(of shards: [Gradients]) -> Gradients {
    insist(!shards.isEmpty, "mean: there is no mean of no gradients")
    var sum = Gradients()
    for shard in shards { sum.add(shard) }
    sum.scale(by: 1 / Float(shards.count))
    return sum
  }
}
