import Synchronization

/// A weight of a model: a tensor that training changes.
///
/// A class, because identity is the point: gradients and optimizer state are kept under it, and two
/// modules can share one, as a tied output head shares the embedding.
public final class Parameter: Sendable {
  private let storage: Mutex<Tensor>
  /// The size of each axis; it never changes.
  public let shape: [Int]

  /// Creates a parameter with its first value.
  public init(_ value: Tensor) {
    shape = value.shape
    storage = Mutex(value)
  }

  /// The present weights.
  public var value: Tensor {
    get { storage.withLock { $0 } }
    set {
      insist(newValue.shape == shape, "Parameter: \(newValue.shape) cannot replace \(shape)")
      storage.withLock { $0 = newValue }
    }
  }

  /// The number of weights.
  public var count: Int { shape.reduce(1, *) }

  /// Changes the weights in place, without a copy.
  package func update(_ body: (inout Tensor) -> Void) {
    storage.withLock { tensor in
      body(&tensor)
      insist(tensor.shape == shape, "Parameter: the shape became \(tensor.shape), not \(shape)")
    }
  }
}
