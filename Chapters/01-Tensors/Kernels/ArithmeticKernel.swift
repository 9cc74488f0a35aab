/// Loops over the entries of one or two tensors of equal shape.
extension Tensor {
  /// Adds another tensor, entry by entry, in place.
  package mutating func add(_ other: Tensor) {
    insist(shape == other.shape, "add: \(shape) + \(other.shape); the shapes must agree")
    other.withScalars { source in
      withMutableScalars { target in
        for i in target.indices { target[i] += source[i] }
      }
    }
  }

  /// Multiplies by a number in place.
  package mutating func scale(by factor: Float) {
    withMutableScalars { target in
      for i in target.indices { target[i] *= factor }
    }
  }

  /// The sum of the squares of the entries, in Double and in order.
  package var sumOfSquares: Double {
    withScalars { source in
      guard let base = source.baseAddress else { return 0 }
      // Runs of 4096 in single precision, their sums in double: fast, and exact enough.
      var sum = 0.0
      var start = 0
      while start < source.count {
        let run = min(4096, source.count - start)
        sum += Double(MatrixProductKernel.dot(run, base + start, base + start))
        start += run
      }
      return sum
    }
  }
}
