import Attention
import MoE
import Tensors

/// Products in brain floating point: both operands are rounded to it, sums are single precision.
///
/// What a tensor core of the last generation does: a product of two 8-bit significands is exact, the
/// sum is kept in 32 bits, and the result is rounded when it is written. The two products that write
/// activations, Y = X · Wᵀ and X̄ = Ȳ · W, round it; the weights' gradient W̄ = Ȳᵀ · X stays in
/// single precision, because it is added up over shards and steps. X waits for the way back in two
/// bytes a number.
public struct BrainProduct: MatrixProduct {
  /// Creates the product.
  public init() {}

  /// Multiplies rows by the transposed weight of each map and adds its bias, if it has one.
  ///
  /// With ⌊ ⌉ for the rounding: y = ⌊⌊x⌉ · ⌊W⌉ᵀ + b⌉, x̄ = ⌊Σ ⌊ȳ⌉ · ⌊W⌉⌉ over the maps, and
  /// W̄ = ⌊ȳ⌉ᵀ · ⌊x⌉.
  public func linear(_ x: Variable, _ maps: [Linear]) -> [Variable] {
    let (tape, shape) = (x.tape, x.shape)
    let input = BrainTensor(rounding: x.value)
    let rounded = input.tensor
    let outputs = maps.map { map in
      var y = rounded.rowsMatmul(map.weight.brainPacked(.right))
        .reshaped(to: shape.dropLast() + [map.weight.shape[0]])
      if let bias = map.bias { y.addToRows(bias.value) }
      y.roundToBrain()
      return y
    }
    let weights = maps.map { tape[$0.weight] }
    let biases = maps.compactMap { $0.bias.map { tape[$0] } }
    return tape.record("linear", outputs, from: [x] + weights + biases) { upstream in
      let used = zip(maps, upstream.map { $0?.roundedToBrain })
      // All weights' gradients are products with the same rows.
      lazy var rows = input.tensor.asRows.packedColumns(transposed: false)
      return [
        .later {
          var sum: Tensor?
          for case (let map, let upstream?) in used {
            sum = upstream.rowsMatmul(map.weight.brainPacked(.none), addingTo: sum.take())
          }
          sum?.roundToBrain()
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

extension Parameter {
  /// The weights rounded to brain floating point, as the right operand of the products of a step.
  func brainPacked(_ sides: Transposition) -> PackedColumns {
    prepared(sides == .right ? "brain, transposed" : "brain") {
      $0.roundedToBrain.packedColumns(transposed: sides == .right)
    }
  }
}
