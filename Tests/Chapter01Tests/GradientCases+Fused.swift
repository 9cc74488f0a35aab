import Foundation
import Tensors
import TestSupport

extension Chapter01 {
  @GradientCaseList static var fused: [GradientCase] {
    GradientCase("softmax", of: .test(3, 11)) {
      ($0[0] * 2).softmax()
    } twin: { x in
      rows(x[0], of: 11).flatMap { softmax($0.map { 2 * $0 }) }
    }

    GradientCase("logSoftmax", of: .test(3, 11)) {
      ($0[0] * 2).logSoftmax()
    } twin: { x in
      rows(x[0], of: 11).flatMap { softmax($0.map { 2 * $0 }).map { log($0) } }
    }

    GradientCase("rmsNorm", of: .test(5, 11), .test(11)) {
      $0[0].rmsNorm(weight: $0[1], epsilon: 0.125)
    } twin: { x in
      rows(x[0], of: 11).flatMap { normalized($0, weight: x[1], epsilon: 0.125) }
    }

    GradientCase("swiGLU", of: .test(3, 7), .test(3, 7, seed: 2)) {
      $0[0].swiGLU($0[1])
    } twin: { x in
      zip(x[0], x[1]).map { gate, up in gate / (1 + exp(-gate)) * up }
    }

    GradientCase("crossEntropy", "one row left out", of: .test(4, 9)) {
      $0[0].crossEntropy(targets: [8, 0, -1, 3])
    } twin: { x in
      [crossEntropy(rows(x[0], of: 9), targets: [8, 0, -1, 3], divisor: 3)]
    }

    GradientCase("headCrossEntropy", "one row left out", of: .test(4, 3), .test(9, 3)) {
      $0[0].crossEntropy(head: $0[1], targets: [8, 0, -1, 3])
    } twin: { x in
      let logits = doubleProduct(4, 9, 3, x[0], x[1], transposing: .right)
      return [crossEntropy(rows(logits, of: 9), targets: [8, 0, -1, 3], divisor: 3)]
    }

    GradientCase("headCrossEntropy", "a divisor, scaled after", of: .test(2, 2, 3), .test(9, 3))
    {
      $0[0].crossEntropy(head: $0[1], targets: [8, 0, 1, 3], divisor: 16) * 5
    } twin: { x in
      let logits = doubleProduct(4, 9, 3, x[0], x[1], transposing: .right)
      return [5 * crossEntropy(rows(logits, of: 9), targets: [8, 0, 1, 3], divisor: 16)]
    }

    GradientCase(
      "groupedLinear", "an empty group among three",
      of: .test(5, 3), .test(4, 3), .test(4, 3, seed: 2), .test(4, 3, seed: 3)
    ) {
      $0[0].groupedLinear(Array($0.parameters[1...]), sizes: [2, 0, 3])
    } twin: { x in
      let (first, third) = (Array(x[0].prefix(6)), Array(x[0].suffix(9)))
      return doubleProduct(2, 4, 3, first, x[1], transposing: .right)
        + doubleProduct(3, 4, 3, third, x[3], transposing: .right)
    }
  }

  private static func softmax(_ row: [Double]) -> [Double] {
    let powers = row.map { exp($0) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }

  private static func normalized(
    _ row: [Double], weight: [Double], epsilon: Double
  ) -> [Double] {
    let mean = row.reduce(0.0) { $0 + $1 * $1 } / Double(row.count)
    return zip(row, weight).map { $0 * $1 / (mean + epsilon).squareRoot() }
  }

  private static func crossEntropy(
    _ logits: [[Double]], targets: [Int], divisor: Double
  ) -> Double {
    var sum = 0.0
    for (row, target) in zip(logits, targets) where target >= 0 {
      sum -= log(softmax(row)[target])
    }
    return sum / divisor
  }
}
