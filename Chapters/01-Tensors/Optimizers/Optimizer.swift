/// A rule that changes the weights of a model, given the gradient of its loss.
///
/// A value: the weights are shared with the model, but what the rule remembers from one step to the
/// next is its own, so a copy of an optimizer can be kept and gone back to.
public protocol Optimizer: Sendable {
  /// The learning rate at a factor of 1.
  var rate: Float { get }

  /// Moves every weight that has a gradient; the others stay as they are.
  /// - Parameters:
  ///   - gradients: the gradient of the loss, clipped already if it is to be.
  ///   - factor: what a `Schedule` says of this step; it multiplies every rate.
  mutating func step(_ gradients: Gradients, factor: Float)

  /// All that the rule remembers, under the checkpoint name of each weight and a suffix.
  var state: [(name: String, tensor: Tensor)] { get }

  /// Takes back what `state` gave, so that the next step has the same bits as without the pause.
  ///
  /// On an error nothing has changed.
  mutating func restore(_ saved: [String: Tensor]) throws(OptimizerStateError)
}

/// What a weight is to an optimizer: its kind decides whether it decays and which rule moves it.
public enum WeightRole: Sendable, Equatable {
  /// One row for each token; a row is touched only when its token occurs.
  case embedding
  /// The map from the last layer to a score for each token.
  case head
  /// A matrix between two hidden layers.
  case matrix
  /// The scale of a norm, or a bias.
  case vector

  /// Tells the role of a weight from its checkpoint name and its shape.
  ///
  /// The heads are `lm_head` and, in multi-token prediction, `shared_head.head`.
  public init(name: String, shape: [Int]) {
    let path = name.split(separator: ".")
    let owner = path.dropLast().last
    if shape.count < 2 {
      self = .vector
    } else if owner == "embed_tokens" {
      self = .embedding
    } else if owner == "lm_head" || owner == "head" {
      self = .head
    } else {
      self = .matrix
    }
  }
}

/// Each parameter once, under its first name: a tied head must not be moved twice.
package func withoutRepetition(
  _ parameters: [(name: String, parameter: Parameter)]
) -> [(name: String, parameter: Parameter)] {
  var seen: Set<ObjectIdentifier> = []
  var names: Set<String> = []
  return parameters.filter { name, parameter in
    let isNew = seen.insert(ObjectIdentifier(parameter)).inserted
    insist(
      !isNew || names.insert(name).inserted, "optimizer: two parameters are named \(name)")
    return isNew
  }
}
