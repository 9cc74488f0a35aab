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
  // snippet.matmul
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
  // snippet.end
}

/// A way to compute the products of activations with weights.
///
/// Chapter 6 adds one that works in eight bits; no layer has to know.
public protocol MatrixProduct: Sendable {
  /// Multiplies rows by the transposed weight and adds the bias, if there is one.
  /// - Shape: x [rows…, in], weight [out, in], bias [out] → [rows…, out]
  func linear(_ x: Variable, _ weight: Parameter, _ bias: Parameter?) -> Variable
}

/// Products in 32-bit floating point.
public struct SinglePrecision: MatrixProduct {
  /// Creates the product.
  public init() {}

  // snippet.linear
  /// Multiplies rows by the transposed weight and adds the bias, if there is one.
  ///
  /// y = x · Wᵀ + b, with x̄ = ȳ · W, W̄ = ȳᵀ · x and b̄ = the sum of ȳ over the rows.
  public func linear(_ x: Variable, _ weight: Parameter, _ bias: Parameter?) -> Variable {
    let w = x.tape[weight]
    let operands = [x, w] + (bias.map { [x.tape[$0]] } ?? [])
    let (input, shape) = (x.value, x.shape)
    var product = input.rowsMatmul(w.value)
    if let bias { product.addToRows(bias.value) }
    return x.tape.record("linear", product, from: operands) { upstream in
      [
        .later { upstream.rowsMatmul(w.value, transposing: .none).reshaped(to: shape) },
        .later { upstream.asRows.matmul(input.asRows, transposing: .left) },
        .later { upstream.sumOfRows },
      ]
    }
  }
  // snippet.end
}
