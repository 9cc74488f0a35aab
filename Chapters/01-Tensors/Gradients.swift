/// The gradient of a loss with respect to each parameter that it depends on.
///
/// A value: gradients of several batches add, and nothing has to be set to zero.
public struct Gradients: Sendable {
  /// The parameters, in the order in which the model first used them.
  public private(set) var parameters: [Parameter] = []
  private var tensors: [Tensor] = []
  private var indices: [ObjectIdentifier: Int] = [:]
  private var others: [Int: Tensor] = [:]

  /// Creates gradients that are zero everywhere.
  public init() {}

  init(leaves: [(parameter: Parameter, place: Int)], slots: [Tensor?]) {
    for (place, tensor) in slots.enumerated() { others[place] = tensor }
    for (parameter, place) in leaves {
      guard let tensor = others.removeValue(forKey: place) else { continue }
      self[parameter] = tensor
    }
  }

  /// The gradient of one parameter; nil when the loss does not depend on it.
  public subscript(parameter: Parameter) -> Tensor? {
    get { indices[ObjectIdentifier(parameter)].map { tensors[$0] } }
    set {
      let key = ObjectIdentifier(parameter)
      if let index = indices[key] {
        tensors[index] = newValue ?? Tensor(shape: parameter.shape)
      } else if let newValue {
        indices[key] = tensors.count
        parameters.append(parameter)
        tensors.append(newValue)
      }
    }
  }

  /// The gradient of a variable that was put on the tape by `variable`.
  public subscript(variable: Variable) -> Tensor? { variable.place.flatMap { others[$0] } }

  /// Adds other gradients, parameter by parameter.
  public mutating func add(_ other: Gradients) {
    var shared: [(index: Int, tensor: Tensor)] = []
    for (parameter, tensor) in zip(other.parameters, other.tensors) {
      if let index = indices[ObjectIdentifier(parameter)] {
        shared.append((index, tensor))
      } else {
        self[parameter] = tensor
      }
    }
    let terms = shared
    tensors.updateEach(at: terms.map(\.index)) { $0.add(terms[$1].tensor) }
  }

  /// Multiplies every gradient by a number.
  public mutating func scale(by factor: Float) {
    tensors.updateEach(at: Array(tensors.indices)) { tensor, _ in tensor.scale(by: factor) }
  }

  /// The length of all gradients laid end to end: the square root of the sum of squares.
  public var norm: Float {
    let squares = Threads.map(tensors.count) { [tensors] in tensors[$0].sumOfSquares }
    return Float(squares.reduce(0, +).squareRoot())
  }
}

/// Gradients of which the weights' part has yet to be computed.
package struct DeferredGradients {
  private var slots: [Tensor?]
  private let leaves: [(parameter: Parameter, place: Int)]
  private var waiting: [(place: Int, work: () -> Tensor)]

  init(
    slots: [Tensor?], leaves: [(parameter: Parameter, place: Int)],
    waiting: [(place: Int, work: () -> Tensor)]
  ) {
    self.slots = slots
    self.leaves = leaves
    self.waiting = waiting
  }

  /// The gradient of an input, which is known already.
  package subscript(variable: Variable) -> Tensor? { variable.place.flatMap { slots[$0] } }

  /// Does the work on the weights, oldest first, and returns everything.
  package consuming func now() -> Gradients {
    for (place, work) in waiting { slots[place].add(work()) }
    return Gradients(leaves: leaves, slots: slots)
  }
}
