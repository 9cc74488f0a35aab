/// The doors between a tensor and the loops that work on its memory.
extension Tensor {
  /// Creates a tensor whose numbers are written by a loop.
  ///
  /// The memory is not cleared first: the loop writes every number.
  package init(shape: [Int], filling: (UnsafeMutableBufferPointer<Float>) throws -> Void)
    rethrows
  {
    self.init(uninitialized: shape)
    try filling(UnsafeMutableBufferPointer(start: memory.base, count: count))
  }

  /// Lends the numbers for reading.
  package func withScalars<R>(_ body: (UnsafeBufferPointer<Float>) throws -> R) rethrows -> R {
    try withExtendedLifetime(memory) {
      try body(UnsafeBufferPointer(start: memory.base, count: count))
    }
  }

  // snippet.copy-on-write
  /// Lends the numbers for writing, after copying them if another tensor shares them.
  package mutating func withMutableScalars<R>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws -> R
  ) rethrows -> R {
    if !isKnownUniquelyReferenced(&memory) {
      let copy = Memory(count: count)
      copy.base.update(from: memory.base, count: count)
      memory = copy
    }
    return try withExtendedLifetime(memory) {
      try body(UnsafeMutableBufferPointer(start: memory.base, count: count))
    }
  }
  // snippet.end

  /// The address of the first number; valid while the tensor lives.
  package var address: UnsafePointer<Float> { UnsafePointer(memory.base) }
}

extension Tensor {
  /// Creates a tensor for a kernel to fill; its numbers are whatever the memory held.
  package init(uninitialized shape: [Int]) {
    insist(shape.allSatisfy { $0 >= 0 }, "Tensor: shape \(shape) has a negative size")
    self.shape = shape
    count = shape.reduce(1, *)
    memory = Memory(count: count)
  }
}
