/// Loops that cut tensors along an axis, join them, and exchange axes.
extension Tensor {
  /// Copies a range of indices of one axis.
  package func sliced(_ range: Range<Int>, along axis: Int) -> Tensor {
    let axis = self.axis(axis, for: "sliced")
    let (outer, size, inner) = extents(around: axis)
    insist(
      range.lowerBound >= 0 && range.upperBound <= size,
      "sliced: \(range) does not lie within axis \(axis) of \(shape)")
    var result = shape
    result[axis] = range.count
    let source = address
    let (run, skipped) = (range.count * inner, range.lowerBound * inner)
    let slice = Tensor(shape: result) { target in
      guard let base = target.baseAddress else { return }
      for i in 0..<outer {
        (base + i * run).update(from: source + i * size * inner + skipped, count: run)
      }
    }
    withExtendedLifetime(self) {}
    return slice
  }

  /// Writes a slice over a range of indices of one axis, in place.
  package mutating func replace(_ range: Range<Int>, along axis: Int, with slice: Tensor) {
    let axis = self.axis(axis, for: "replace")
    let (outer, size, inner) = extents(around: axis)
    var expected = shape
    expected[axis] = range.count
    insist(
      range.lowerBound >= 0 && range.upperBound <= size && slice.shape == expected,
      "replace: \(slice.shape) does not fit \(range) along axis \(axis) of \(shape)")
    let source = slice.address
    let (run, skipped) = (range.count * inner, range.lowerBound * inner)
    withMutableScalars { target in
      guard let base = target.baseAddress else { return }
      for i in 0..<outer {
        (base + i * size * inner + skipped).update(from: source + i * run, count: run)
      }
    }
    withExtendedLifetime(slice) {}
  }

  /// Lays tensors side by side along one axis.
  package static func concatenated(_ parts: [Tensor], along axis: Int) -> Tensor {
    insist(!parts.isEmpty, "concatenated: there is nothing to join")
    let axis = parts[0].axis(axis, for: "concatenated")
    var shape = parts[0].shape
    for part in parts {
      var other = part.shape
      if other.count == shape.count { other[axis] = shape[axis] }
      insist(
        other == shape,
        "concatenated: \(parts[0].shape) and \(part.shape) differ beyond axis \(axis)")
    }
    shape[axis] = parts.reduce(0) { $0 + $1.shape[axis] }
    var result = Tensor(uninitialized: shape)
    var start = 0
    for part in parts {
      let end = start + part.shape[axis]
      result.replace(start..<end, along: axis, with: part)
      start = end
    }
    return result
  }

  /// Reorders the axes: axis i of the result is axis `axes[i]` of this tensor.
  package func permuted(_ axes: [Int]) -> Tensor {
    insist(
      axes.sorted() == Array(shape.indices),
      "permuted: \(axes) is not an order of the axes of \(shape)")
    var steps = [Int](repeating: 1, count: shape.count)
    for axis in shape.indices.dropLast().reversed() {
      steps[axis] = steps[axis + 1] * shape[axis + 1]
    }
    return rearranged(to: axes.map { shape[$0] }, steps: axes.map { steps[$0] })
  }

  /// Replaces the entries where the mask is set; the mask repeats over the leading axes.
  package func masked(where mask: [Bool], with value: Float) -> Tensor {
    var sizes = [1]
    for size in shape.reversed() { sizes.append(size * sizes[sizes.count - 1]) }
    insist(
      sizes.contains(mask.count),
      "masked: a mask of \(mask.count) entries does not cover the last axes of \(shape)")
    return withScalars { source in
      Tensor(shape: shape) { out in
        mask.withUnsafeBufferPointer { mask in
          for start in stride(from: 0, to: out.count, by: Swift.max(mask.count, 1)) {
            for i in 0..<mask.count { out[start + i] = mask[i] ? value : source[start + i] }
          }
        }
      }
    }
  }
}
