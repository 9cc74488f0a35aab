import Synchronization

/// A weight of a model: a tensor that training changes.
///
/// A class, because identity is the point: gradients and optimizer state are kept under it, and two
/// modules can share one, as a tied output head shares the embedding.
public final class Parameter: Sendable {
  private struct Storage {
    var tensor: Tensor
    var forms: [String: any Sendable] = [:]
    var maps: [Int]
  }

  private let storage: Mutex<Storage>
  /// The size of each axis; it never changes.
  public let shape: [Int]

  /// Creates a parameter with its first value.
  public init(_ value: Tensor) {
    shape = value.shape
    storage = Mutex(Storage(tensor: value, maps: [value.shape.first ?? 1]))
  }

  /// The rows of each map, when several lie one above the other in this matrix; else all its rows.
  ///
  /// A product does not care, and an optimizer that moves a matrix as a whole does.
  package var maps: [Int] {
    get { storage.withLock { $0.maps } }
    set {
      insist(
        newValue.reduce(0, +) == shape.first && newValue.allSatisfy { $0 > 0 },
        "Parameter: maps of \(newValue) rows do not make up \(shape)")
      storage.withLock { $0.maps = newValue }
    }
  }

  /// The present weights.
  public var value: Tensor {
    get { storage.withLock { $0.tensor } }
    set {
      insist(newValue.shape == shape, "Parameter: \(newValue.shape) cannot replace \(shape)")
      storage.withLock {
        $0.tensor = newValue
        $0.forms = [:]
      }
    }
  }

  /// The number of weights.
  public var count: Int { shape.reduce(1, *) }

  /// Changes the weights in place, without a copy.
  package func update(_ body: (inout Tensor) -> Void) {
    storage.withLock { storage in
      storage.forms = [:]
      body(&storage.tensor)
      insist(
        storage.tensor.shape == shape,
        "Parameter: the shape became \(storage.tensor.shape), not \(shape)")
    }
  }

  /// The weights in a form that the products of one step need, in which every shard asks for it.
  ///
  /// The first who asks makes the form, while the others wait; it is dropped as soon as the weights
  /// change. The key tells forms of one type apart.
  package func prepared<Form: Sendable>(_ key: String, _ make: (Tensor) -> Form) -> Form {
    storage.withLock { storage in
      if let known = storage.forms[key] as? Form { return known }
      let form = make(storage.tensor)
      storage.forms[key] = form
      return form
    }
  }

  /// The weights laid out as the right operand of a product.
  package func packed(_ sides: Transposition) -> PackedColumns {
    prepared(sides.right ? "transposed" : "columns") {
      $0.packedColumns(transposed: sides.right)
    }
  }
}
