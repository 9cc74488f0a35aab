import MoE
import Tensors

/// What is done to single rows between the products of a served model.
extension Tensor {
  /// Normalises the first columns of each row by their root mean square, and copies the others.
  func headNormalized(weight: Tensor, epsilon: Float) -> Tensor {
    let (width, head) = (columns, weight.count)
    if width == head { return rmsNormalized(weight: weight, epsilon: epsilon).result }
    let result = Tensor(uninitialized: shape)
    let w = weight.address
    for row in 0..<rows {
      let (x, y) = (address + row * width, result.fresh + row * width)
      let mean = MatrixProductKernel.dot(head, x, x) / Float(head)
      let scale = 1 / (mean + epsilon).squareRoot()
      for j in 0..<head { y[j] = x[j] * scale * w[j] }
      (y + head).update(from: x + head, count: width - head)
    }
    withExtendedLifetime((self, weight)) {}
    return result
  }

  /// Two rows beside each other for each row: [a ; b].
  func joined(_ other: Tensor) -> Tensor {
    let (left, right) = (columns, other.columns)
    let result = Tensor(uninitialized: [rows, left + right])
    for row in 0..<rows {
      let out = result.fresh + row * (left + right)
      out.update(from: address + row * left, count: left)
      (out + left).update(from: other.address + row * right, count: right)
    }
    withExtendedLifetime((self, other)) {}
    return result
  }

  /// Copies columns of each row into columns of another matrix.
  func copyColumns(_ columns: Range<Int>, into other: Tensor, from column: Int) {
    for row in 0..<rows {
      (other.fresh + row * other.columns + column).update(
        from: address + row * self.columns + columns.lowerBound, count: columns.count)
    }
    withExtendedLifetime((self, other)) {}
  }

  /// silu(g) ∘ u for rows that hold g and u side by side.
  /// - Shape: [rows, 2 · hidden] → [rows, hidden]
  var gated: Tensor {
    let hidden = columns / 2
    let result = Tensor(uninitialized: [rows, hidden])
    for row in 0..<rows {
      MixtureRows.gate(hidden, address + row * columns, into: result.fresh + row * hidden)
    }
    withExtendedLifetime(self) {}
    return result
  }

  /// The rows of some places, one after another.
  func selected(_ places: ArraySlice<Int32>) -> Tensor {
    let result = Tensor(uninitialized: [places.count, columns])
    for (row, place) in places.enumerated() {
      (result.fresh + row * columns).update(
        from: address + Int(place) * columns, count: columns)
    }
    withExtendedLifetime(self) {}
    return result
  }
}

/// The sum of what the experts of each token say.
enum MixtureSum {
  /// Σₖ g_tk E(x_t), in the order of the token's choices.
  static func combined(_ sorted: Tensor, _ weights: Tensor, _ order: ExpertOrder) -> Tensor {
    let (width, active) = (sorted.columns, order.active)
    let result = Tensor(repeating: 0, shape: [order.tokens, width])
    let (rows, factors) = (sorted.address, weights.address)
    for token in 0..<order.tokens {
      let out = result.fresh + token * width
      for slot in token * active..<(token + 1) * active {
        let row = rows + Int(order.places[slot]) * width
        MatrixProductKernel.addScaled(width, factors[slot], row, 1, to: out)
      }
    }
    withExtendedLifetime((sorted, weights)) {}
    return result
  }
}
