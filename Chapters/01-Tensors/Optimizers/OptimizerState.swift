/// Why saved optimizer state does not belong to a model.
public enum OptimizerStateError: Error, Equatable, CustomStringConvertible {
  /// A tensor that the optimizer needs was not saved.
  case missing(name: String)
  /// A tensor was saved that the optimizer does not know.
  case unexpected(name: String)
  /// A tensor has another shape than its weight.
  case shape(name: String, found: [Int], expected: [Int])
  /// A number of steps is not a whole number from 0 to 2²⁴.
  case steps(name: String, found: Float)

  /// One sentence that names the tensor and the rule.
  public var description: String {
    switch self {
    case .missing(let name): "The optimizer state lacks the tensor \(name)."
    case .unexpected(let name):
      "The optimizer state has a tensor \(name) that belongs to no weight of this optimizer."
    case .shape(let name, let found, let expected):
      "The optimizer state's tensor \(name) has the shape \(found); it must be \(expected)."
    case .steps(let name, let found):
      "The optimizer state's \(name) is \(found); it must be a whole number from 0 to 16777216."
    }
  }
}

extension Optimizer {
  /// Puts saved tensors into the order of `state`, after checking names and shapes.
  package func tensors(from saved: [String: Tensor]) throws(OptimizerStateError) -> [Tensor] {
    var found: [Tensor] = []
    var known: Set<String> = []
    for (name, present) in state {
      guard let tensor = saved[name] else { throw .missing(name: name) }
      guard tensor.shape == present.shape else {
        throw .shape(name: name, found: tensor.shape, expected: present.shape)
      }
      found.append(tensor)
      known.insert(name)
    }
    if let stranger = saved.keys.filter({ !known.contains($0) }).min() {
      throw .unexpected(name: stranger)
    }
    return found
  }

  /// A saved number of steps.
  package func steps(_ saved: Tensor, name: String) throws(OptimizerStateError) -> Int {
    let count = saved.scalar
    // A Float holds every whole number up to 2²⁴.
    guard count >= 0, count <= 0x1p24, count.rounded() == count else {
      throw .steps(name: name, found: count)
    }
    return Int(count)
  }
}
