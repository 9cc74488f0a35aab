/// Which operands of a product are read transposed.
public enum Transposition: Sendable, CaseIterable {
  /// Neither: A · B.
  case none
  /// The left one: Aᵀ · B.
  case left
  /// The right one: A · Bᵀ.
  case right
  /// Both: Aᵀ · Bᵀ.
  case both

  var left: Bool { self == .left || self == .both }
  var right: Bool { self == .right || self == .both }
}

extension Variable {
  /// Multiplies matrices, one product for each index of the leading axes.
  ///
  /// C = A · B, with Ā = C̄ · Bᵀ and B̄ = Aᵀ · C̄. A bar marks the gradient of the loss.
  /// - Shape: [batch…, m, k] · [batch…, k, n] → [batch…, m, n]
  public func matmul(_ other: Variable, transposing sides: Transposition = .none) -> Variable {
    let (a, b) = (value, other.value)
    let product = a.matmul(b, transposing: sides)
    return tape.record("matmul", product, from: [self, other]) { upstream in
      switch sides {
      case .none:
        [
          .later { upstream.matmul(b, transposing: .right) },
          .later { a.matmul(upstream, transposing: .left) },
        ]
      case .right:
        [
          .later { upstream.matmul(b) },
          .later { upstream.matmul(a, transposing: .left) },
        ]
      case .left:
        [
          .later { b.matmul(upstream, transposing: .right) },
          .later { a.matmul(upstream) },
        ]
      case .both:
        [
          .later { b.matmul(upstream, transposing: .both) },
          .later { upstream.matmul(a, transposing: .both) },
        ]
      }
    }
  }
}

/// A way to compute the products of activations with weights.
///
/// Chapter 6 adds one that works in eight bits; no layer has to know.
public protocol MatrixProduct: Sendable {
  /// Multiplies rows by the transposed weight of each map and adds its bias, if it has one.
  /// - Shape: x [rows…, in], weight [out, in], bias [out] → [rows…, out] for each map
  func linear(_ x: Variable, _ maps: [Linear]) -> [Variable]
}

/// Products in 32-bit floating point.
public struct SinglePrecision: MatrixProduct {
  /// Creates the product.
  public init() {}

  /// Multiplies rows by the transposed weight of each map and adds its bias, if it has one.
  ///
  /// y = x · Wᵀ + b, with x̄ = Σ ȳ · W over the maps, W̄ = ȳᵀ · x and b̄ = the sum of ȳ over the
  /// rows. While a tape records, the weights are packed once for all shards of a step.
  public func linear(_ x: Variable, _ maps: [Linear]) -> [Variable] {
    let tape = x.tape
    let (input, shape) = (x.value, x.shape)
    let outputs = maps.map { map in
      var y =
        tape.isRecording
        ? input.rowsMatmul(map.weight.packed(.right))
          .reshaped(to: shape.dropLast() + [map.weight.shape[0]])
        : input.rowsMatmul(map.weight.value)
      if let bias = map.bias { y.addToRows(bias.value) }
      return y
    }
    let weights = maps.map { tape[$0.weight] }
    let biases = maps.compactMap { $0.bias.map { tape[$0] } }
    return tape.record("linear", outputs, from: [x] + weights + biases) { upstream in
      // All weights' gradients are products with the same rows.
      lazy var rows = input.asRows.packedColumns(transposed: false)
      let used = zip(maps, upstream)
      return [
        .later {
          var sum: Tensor?
          for case (let map, let upstream?) in used {
            sum = upstream.rowsMatmul(map.weight.packed(.none), addingTo: sum.take())
          }
          return sum.map { $0.reshaped(to: shape) } ?? Tensor(shape: shape)
        }
      ]
        + used.map { _, upstream in
          upstream.map { g in .later { g.asRows.transposedMatmul(rows) } } ?? .none
        }
        + used.filter { $0.0.bias != nil }.map { _, upstream in
          upstream.map { g in .later { g.sumOfRows } } ?? .none
        }
    }
  }
}
