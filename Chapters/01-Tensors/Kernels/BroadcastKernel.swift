/// Arithmetic between tensors of different shapes.
extension Tensor {
  /// Combines two tensors entry by entry, after stretching both to a common shape.
  @inline(__always)
  package func combined(
    with other: Tensor, _ operation: StaticString, _ body: (Float, Float) -> Float
  ) -> Tensor {
    let shape = Tensor.commonShape(of: self.shape, other.shape, operation)
    let walk =
      self.shape == other.shape
      ? Walk(count: count)
      : Walk(
        shape: shape, left: Tensor.steps(of: self.shape, in: shape),
        right: Tensor.steps(of: other.shape, in: shape))
    var result = Tensor(uninitialized: shape)
    let (a, b) = (address, other.address)
    let (length, leftStep, rightStep) = (walk.length, walk.leftStep, walk.rightStep)
    result.withMutableScalars { target in
      guard let base = target.baseAddress else { return }
      walk.forEachRun { start, left, right in
        let (x, y, out) = (a + left, b + right, base + start)
        if leftStep == rightStep {
          for i in 0..<length { out[i] = body(x[i], y[i]) }
        } else if rightStep == 0 {
          let right = y[0]
          for i in 0..<length { out[i] = body(x[i], right) }
        } else {
          let left = x[0]
          for i in 0..<length { out[i] = body(left, y[i]) }
        }
      }
    }
    withExtendedLifetime((self, other)) {}
    return result
  }

  /// The sum over the axes along which a tensor of the given shape would be stretched to this one.
  ///
  /// It undoes stretching: what was read many times collects the gradients of all readings.
  package func summed(to shape: [Int]) -> Tensor {
    if shape == self.shape { return self }
    let walk = Walk(shape: self.shape, steps: Tensor.steps(of: shape, in: self.shape))
    var sum = Tensor(shape: shape)
    let source = address
    sum.withMutableScalars { target in
      guard let base = target.baseAddress else { return }
      walk.forEachRun { start, place, _ in
        let (x, out) = (source + start, base + place)
        if walk.leftStep == 0 {
          out[0] += ReductionKernel.sum(walk.length, x)
        } else {
          for i in 0..<walk.length { out[i] += x[i] }
        }
      }
    }
    withExtendedLifetime(self) {}
    return sum
  }

  /// The tensor repeated along missing axes and axes of size 1 until it has the given shape.
  package func stretched(to shape: [Int]) -> Tensor {
    shape == self.shape
      ? self : rearranged(to: shape, steps: Tensor.steps(of: self.shape, in: shape))
  }

  /// Copies entries that lie at regular steps, one step for each axis of the result.
  package func rearranged(to shape: [Int], steps: [Int]) -> Tensor {
    let walk = Walk(shape: shape, steps: steps)
    let (length, step) = (walk.length, walk.leftStep)
    var result = Tensor(uninitialized: shape)
    let source = address
    result.withMutableScalars { target in
      guard let base = target.baseAddress else { return }
      walk.forEachRun { start, place, _ in
        let (x, out) = (source + place, base + start)
        if step == 1 {
          out.update(from: x, count: length)
        } else {
          for i in 0..<length { out[i] = x[i &* step] }
        }
      }
    }
    withExtendedLifetime(self) {}
    return result
  }
}

// MARK: Shapes

extension Tensor {
  /// The smallest shape to which two shapes stretch, compared from the last axis.
  private static func commonShape(
    of a: [Int], _ b: [Int], _ operation: StaticString
  ) -> [Int] {
    if a == b { return a }
    let count = Swift.max(a.count, b.count)
    let left = [Int](repeating: 1, count: count - a.count) + a
    let right = [Int](repeating: 1, count: count - b.count) + b
    return zip(left, right).map { x, y in
      insist(
        x == y || x == 1 || y == 1,
        "\(operation): \(a) and \(b); from the last axis on, sizes must agree or be 1")
      return x == 1 ? y : x
    }
  }

  /// How far an entry moves in memory for one step along each axis of a larger shape.
  private static func steps(of shape: [Int], in larger: [Int]) -> [Int] {
    let missing = larger.count - shape.count
    let fits =
      missing >= 0 && zip(shape, larger.dropFirst(missing)).allSatisfy { $0 == $1 || $0 == 1 }
    insist(fits, "\(shape) cannot be stretched to \(larger)")
    var steps = [Int](repeating: 0, count: larger.count)
    var step = 1
    for axis in shape.indices.reversed() {
      if shape[axis] != 1 { steps[missing + axis] = step }
      step *= shape[axis]
    }
    return steps
  }
}
