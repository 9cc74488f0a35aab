/// Sums of runs of any length.
enum ReductionKernel {
  /// The sum of a run, taken in single precision for 512 entries at a time and then in Double.
  static func sum(_ count: Int, _ x: UnsafePointer<Float>) -> Float {
    var sum = 0.0
    var start = 0
    while start < count {
      let end = Swift.min(count, start + 512)
      sum += Double(RowKernel.sum(end - start, x + start))
      start = end
    }
    return Float(sum)
  }
}

extension Tensor {
  /// The largest entry along one axis and where it lies; the first of equals, NaN before all.
  /// - Shape: [before…, n, after…] → [before…, after…], and one index for each of its entries
  package func maximum(along axis: Int) -> (values: Tensor, indices: [Int]) {
    let (outer, size, inner) = extents(around: axis)
    insist(size > 0, "maximum: axis \(axis) of \(shape) is empty")
    var result = shape
    result.remove(at: axis)
    var indices = [Int](repeating: 0, count: outer * inner)
    let source = address
    let values = Tensor(shape: result) { out in
      for place in 0..<(outer * inner) {
        let x = source + place / inner * size * inner + place % inner
        var (best, index) = (x[0], 0)
        for i in 1..<Swift.max(size, 1) {
          let value = x[i &* inner]
          if value > best || value.isNaN && !best.isNaN { (best, index) = (value, i) }
        }
        out[place] = best
        indices[place] = index
      }
    }
    withExtendedLifetime(self) {}
    return (values, indices)
  }

  /// A tensor of zeros into which each entry is put at its index along a new axis.
  func placed(at indices: [Int], along axis: Int, of shape: [Int]) -> Tensor {
    var result = Tensor(shape: shape)
    let (_, size, inner) = result.extents(around: axis)
    withScalars { source in
      result.withMutableScalars { out in
        for (place, index) in indices.enumerated() {
          out[(place / inner * size + index) * inner + place % inner] = source[place]
        }
      }
    }
    return result
  }

  /// The number of entries before, along and after one axis.
  func extents(around axis: Int) -> (outer: Int, size: Int, inner: Int) {
    (shape[..<axis].reduce(1, *), shape[axis], shape[(axis + 1)...].reduce(1, *))
  }

  /// An axis as an index from the front; -1 means the last.
  func axis(_ axis: Int, for operation: StaticString) -> Int {
    let index = axis < 0 ? axis + shape.count : axis
    insist(shape.indices.contains(index), "\(operation): \(shape) has no axis \(axis)")
    return index
  }
}
