/// The same numbers in another order: cutting, joining, exchanging axes.
extension Variable {
  /// The same entries under another shape.
  public func reshaped(to shape: [Int]) -> Variable {
    let before = self.shape
    return tape.record("reshape", value.reshaped(to: shape), from: [self]) { upstream in
      [.now(upstream.reshaped(to: before))]
    }
  }

  /// Reorders the axes: axis i of the result is axis `axes[i]` of this variable.
  ///
  /// `[1, 0, 2]` turns [tokens, heads, width] into [heads, tokens, width].
  public func permuted(_ axes: [Int]) -> Variable {
    tape.record("permute", value.permuted(axes), from: [self]) { upstream in
      [.later { upstream.permuted(axes.indices.sorted { axes[$0] < axes[$1] }) }]
    }
  }

  /// Exchanges the last two axes.
  public func transposed() -> Variable {
    insist(shape.count >= 2, "transposed: \(shape) is not a matrix")
    return permuted(Array(0..<(shape.count - 2)) + [shape.count - 1, shape.count - 2])
  }

  /// A range of indices of one axis.
  public func sliced(_ range: Range<Int>, along axis: Int = 0) -> Variable {
    let shape = self.shape
    let slice = value.sliced(range, along: axis)
    return tape.record("slice", slice, from: [self]) { upstream in
      [
        .later {
          var share = Tensor(shape: shape)
          share.replace(range, along: axis, with: upstream)
          return share
        }
      ]
    }
  }

  /// Cuts one axis, the last unless told otherwise, into pieces of the given sizes.
  public func split(sizes: [Int], along axis: Int = -1) -> [Variable] {
    let axis = value.axis(axis, for: "split")
    insist(
      sizes.reduce(0, +) == shape[axis],
      "split: the sizes \(sizes) do not add up to axis \(axis) of \(shape)")
    var pieces: [Tensor] = []
    var start = 0
    for size in sizes {
      pieces.append(value.sliced(start..<(start + size), along: axis))
      start += size
    }
    let shapes = pieces.map(\.shape)
    return tape.record("split", pieces, from: [self]) { upstream in
      [
        .later {
          let shares = zip(upstream, shapes).map { $0 ?? Tensor(shape: $1) }
          return Tensor.concatenated(shares, along: axis)
        }
      ]
    }
  }

  /// Lays variables side by side along one axis, the last unless told otherwise.
  public static func concatenated(_ parts: [Variable], along axis: Int = -1) -> Variable {
    let result = Tensor.concatenated(parts.map(\.value), along: axis)
    let sizes = parts.map { $0.shape[$0.value.axis(axis, for: "concatenated")] }
    return parts[0].tape.record("concatenate", result, from: parts) { upstream in
      var end = 0
      return sizes.map { size in
        let start = end
        end += size
        return .later { upstream.sliced(start..<(start + size), along: axis) }
      }
    }
  }

  /// Lays another variable beside this one along one axis, the last unless told otherwise.
  public func concatenated(with other: Variable, along axis: Int = -1) -> Variable {
    .concatenated([self, other], along: axis)
  }
}
