/// Sums, means and maxima. An axis may be counted from the end: -1 is the last.
extension Variable {
  /// The sum of all entries; each of them receives ȳ.
  public func sum() -> Variable {
    let shape = self.shape
    return tape.record("sum", value.summed(to: []), from: [self]) { upstream in
      [.later { upstream.stretched(to: shape) }]
    }
  }

  /// The mean of all entries.
  public func mean() -> Variable { sum() / Float(value.count) }

  /// The sum along one axis, which disappears or stays with size 1.
  /// - Shape: [before…, n, after…] → [before…, after…], or [before…, 1, after…]
  public func sum(along axis: Int, keepingAxis: Bool = false) -> Variable {
    let axis = value.axis(axis, for: "sum")
    let shape = self.shape
    var kept = shape
    kept[axis] = 1
    var result = value.summed(to: kept)
    if !keepingAxis {
      result = result.reshaped(to: Array(shape[..<axis] + shape[(axis + 1)...]))
    }
    return tape.record("sumAlong", result, from: [self]) { [kept] upstream in
      [.later { upstream.reshaped(to: kept).stretched(to: shape) }]
    }
  }

  /// The mean along one axis, which disappears or stays with size 1.
  public func mean(along axis: Int, keepingAxis: Bool = false) -> Variable {
    let size = shape[value.axis(axis, for: "mean")]
    return sum(along: axis, keepingAxis: keepingAxis) / Float(size)
  }

  /// The largest entry along one axis; the first of equal ones receives the gradient.
  public func maximum(along axis: Int, keepingAxis: Bool = false) -> Variable {
    let axis = value.axis(axis, for: "maximum")
    let shape = self.shape
    let (values, indices) = value.maximum(along: axis)
    var result = values
    if keepingAxis {
      var kept = shape
      kept[axis] = 1
      result = values.reshaped(to: kept)
    }
    return tape.record("maximumAlong", result, from: [self]) { upstream in
      [.later { upstream.placed(at: indices, along: axis, of: shape) }]
    }
  }
}
