import Tensors
import TestSupport

extension Chapter01 {
  @GradientCaseList static var rearranging: [GradientCase] {
    GradientCase("reshape", of: .test(2, 6), .test(6)) {
      $0[0].reshaped(to: [3, 4]) * $0[1].reshaped(to: [3, 2]).sum(along: 1, keepingAxis: true)
    } twin: { x in
      table(12) { x[0][$0] * (x[1][$0 / 4 * 2] + x[1][$0 / 4 * 2 + 1]) }
    }

    GradientCase("permute", "heads before tokens", of: .test(4, 3, 2)) {
      $0[0].permuted([1, 0, 2])
    } twin: { x in
      table(24) { x[0][$0 % 8 / 2 * 6 + $0 / 8 * 2 + $0 % 2] }
    }

    GradientCase("permute", "a cycle of three axes", of: .test(2, 3, 4)) {
      $0[0].permuted([2, 0, 1])
    } twin: { x in
      table(24) { x[0][$0 % 6 * 4 + $0 / 6] }
    }

    GradientCase("permute", "a transposed matrix", of: .test(2, 3)) {
      $0[0].transposed()
    } twin: { x in
      table(6) { x[0][$0 % 2 * 3 + $0 / 2] }
    }

    GradientCase("slice", "rows", of: .test(4, 3)) {
      $0[0].sliced(1..<3)
    } twin: { x in
      Array(x[0][3..<9])
    }

    GradientCase("slice", "columns", of: .test(4, 3)) {
      $0[0].sliced(1..<3, along: -1)
    } twin: { x in
      table(8) { x[0][$0 / 2 * 3 + 1 + $0 % 2] }
    }

    GradientCase("split", "three pieces, of which two are used", of: .test(4, 5)) {
      let pieces = $0[0].split(sizes: [2, 1, 2])
      return pieces[0] * pieces[2]
    } twin: { x in
      table(8) { x[0][$0 / 2 * 5 + $0 % 2] * x[0][$0 / 2 * 5 + 3 + $0 % 2] }
    }

    GradientCase("concatenate", "columns", of: .test(3, 2), .test(3, 1)) {
      $0[0].concatenated(with: $0[1])
    } twin: { x in
      [x[0][0], x[0][1], x[1][0], x[0][2], x[0][3], x[1][1], x[0][4], x[0][5], x[1][2]]
    }

    GradientCase("concatenate", "rows, one operand twice", of: .test(1, 3), .test(2, 3)) {
      .concatenated([$0[0], $0[1], $0[0]], along: 0)
    } twin: { x in
      x[0] + x[1] + x[0]
    }
  }

  @GradientCaseList static var products: [GradientCase] {
    Transposition.allCases.map { product(transposing: $0) }

    GradientCase("linear", "with a bias", of: .test(2, 2, 3), .test(4, 3), .test(4)) {
      $0.tape.products.linear(
        $0[0], [Linear(weight: $0.parameters[1], bias: $0.parameters[2])])[0]
    } twin: { x in
      let product = doubleProduct(4, 4, 3, x[0], x[1], transposing: .right)
      return table(16) { product[$0] + x[2][$0 % 4] }
    }

    GradientCase("linear", "without a bias", of: .test(2, 3), .test(4, 3)) {
      $0.tape.products.linear($0[0], [Linear(weight: $0.parameters[1])])[0]
    } twin: { x in
      doubleProduct(2, 4, 3, x[0], x[1], transposing: .right)
    }

    GradientCase("linear", "of two maps", of: .test(2, 3), .test(4, 3), .test(5, 3), .test(5)) {
      (x: GradientCase.Operands) -> Variable in
      let maps = [
        Linear(weight: x.parameters[1]),
        Linear(weight: x.parameters[2], bias: x.parameters[3]),
      ]
      return Variable.concatenated(x.tape.products.linear(x[0], maps), along: -1)
    } twin: { (x: [[Double]]) -> [Double] in
      let narrow = doubleProduct(2, 4, 3, x[0], x[1], transposing: .right)
      let wide = doubleProduct(2, 5, 3, x[0], x[2], transposing: .right)
      var joined: [Double] = []
      for row in 0..<2 {
        joined += narrow[row * 4..<row * 4 + 4]
        joined += table(5) { wide[row * 5 + $0] + x[3][$0] }
      }
      return joined
    }
  }

  private static func product(transposing sides: Transposition) -> GradientCase {
    let a = sides == .left || sides == .both ? [2, 4, 3] : [2, 3, 4]
    let b = sides == .right || sides == .both ? [2, 5, 4] : [2, 4, 5]
    return GradientCase(
      "matmul", "transposing \(sides)", of: .test(shape: a), .test(shape: b)
    ) {
      $0[0].matmul($0[1], transposing: sides)
    } twin: { x in
      let (left, right) = (rows(x[0], of: 12), rows(x[1], of: 20))
      return doubleProduct(3, 5, 4, left[0], right[0], transposing: sides)
        + doubleProduct(3, 5, 4, left[1], right[1], transposing: sides)
    }
  }
}

/// The product of two matrices by its definition, in Double.
func doubleProduct(
  _ m: Int, _ n: Int, _ k: Int, _ a: [Double], _ b: [Double], transposing sides: Transposition
) -> [Double] {
  let left = sides == .left || sides == .both
  let right = sides == .right || sides == .both
  return table(m * n) { place in
    let (i, j) = (place / n, place % n)
    var sum = 0.0
    for p in 0..<k {
      let x = left ? a[p * m + i] : a[i * k + p]
      let y = right ? b[j * k + p] : b[p * n + j]
      sum += x * y
    }
    return sum
  }
}
