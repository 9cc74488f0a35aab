import Synchronization

/// A weight of a model: a tensor that training changes.
///
/// A class, because identity is the point: gradients and optimizer state are kept under it, and two
/// modules can share one, as a tied output head shares the embedding.
public final class Parameter: Sendable {
  private struct Storage {
    var tensor: Tensor
    var packed: [Transposition: PackedColumns] = [:]
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
        $0.packed = [:]
      }
    }
  }

  /// The number of weights.
  public var count: Int { shape.reduce(1, *) }

  /// Changes the weights in place, without a copy.
  package func update(_ body: (inout Tensor) -> Void) {
    storage.withLock { storage in
      storage.packed = [:]
      body(&storage.tensor)
      insist(
        storage.tensor.shape == shape,
        "Parameter: the shape became \(storage.tensor.shape), not \(shape)")
    }
  }

  /// The weights laid out for the products of one step, in which every shard asks for them.
  package func packed(_ sides: Transposition) -> PackedColumns {
    storage.withLock { storage in
      if let known = storage.packed[sides] { return known }
      let packed = storage.tensor.packedColumns(transposed: sides.right)
      storage.packed[sides] = packed
      return packed
    }
  }
}
