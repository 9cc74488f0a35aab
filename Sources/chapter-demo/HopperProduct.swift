import FP8
import Tensors

/// Products of linear maps whose sums are those of a tensor core with few bits.
///
/// A tensor core that never promotes cannot change the scale within a sum, so here each row has one
/// scale along the whole summed axis, with promotion and without.
struct HopperProduct: MatrixProduct {
  /// The sums; without one, single precision adds up the same products of codes.
  let accumulator: HopperAccumulator?

  func linear(_ x: Variable, _ maps: [Linear]) -> [Variable] {
    let (tape, shape) = (x.tape, x.shape)
    let rows = Codes(x.value.asRows)
    let outputs = maps.map { map in
      insist(map.bias == nil, "HopperProduct: no layer of V3 has a bias")
      return product(rows, Codes(map.weight.value))
        .reshaped(to: shape.dropLast() + [map.weight.shape[0]])
    }
    let columns = x.value.asRows.permuted([1, 0])
    return tape.record("linear", outputs, from: [x] + maps.map { tape[$0.weight] }) {
      upstream in
      let used = zip(maps, upstream.map { $0?.asRows })
      return [
        .later {
          var sum = Tensor(shape: shape).asRows
          for case (let map, let upstream?) in used {
            sum = sum + product(Codes(upstream), Codes(map.weight.value.permuted([1, 0])))
          }
          return sum.reshaped(to: shape)
        }
      ]
        + used.map { _, upstream in
          upstream.map { g in
            .later { product(Codes(g.permuted([1, 0])), Codes(columns)) }
          } ?? .none
        }
    }
  }

  /// a · bᵀ.
  private func product(_ a: Codes, _ b: Codes) -> Tensor {
    let sums =
      accumulator?.product(a.codes, b.codes) ?? a.codes.matmul(b.codes, transposing: .right)
    return sums * a.scales * b.scales.reshaped(to: [1, b.scales.count])
  }

  /// A matrix as E4M3 numbers, with a power of two for each row.
  private struct Codes {
    let codes, scales: Tensor

    init(_ matrix: Tensor) {
      let coded = BlockScaled(
        matrix, by: ScaleGroup(rows: 1, columns: matrix.columns), scales: .powerOfTwo)
      scales = coded.scales
      // To divide by a power of two is exact.
      codes = coded.tensor / scales
    }
  }
}
