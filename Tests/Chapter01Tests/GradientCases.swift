import Foundation
import Tensors
import TestSupport

/// The gradient checks of chapter 1, by family.
enum Chapter01 {
  static let cases: [GradientCase] =
    arithmetic + functions + reductions + gathering + rearranging + products + fused
}

extension Chapter01 {
  @GradientCaseList static var arithmetic: [GradientCase] {
    GradientCase("add", of: .test(2, 3), .test(2, 3, seed: 2)) {
      $0[0] + $0[1]
    } twin: { x in
      zip(x[0], x[1]).map { $0 + $1 }
    }

    GradientCase("add", "a row to a matrix", of: .test(4, 3), .test(3)) {
      $0[0] + $0[1]
    } twin: { x in
      x[0].indices.map { x[0][$0] + x[1][$0 % 3] }
    }

    GradientCase("add", "a column and a row", of: .test(4, 1), .test(3)) {
      $0[0] + $0[1]
    } twin: { x in
      table(12) { x[0][$0 / 3] + x[1][$0 % 3] }
    }

    GradientCase("subtract", "a matrix from each of several", of: .test(2, 1, 3), .test(4, 3)) {
      $0[0] - $0[1]
    } twin: { x in
      table(24) { x[0][$0 / 12 * 3 + $0 % 3] - x[1][$0 % 12] }
    }

    // snippet.case
    GradientCase("multiply", of: .test(5), .test(5, seed: 2)) {
      $0[0] * $0[1]
    } twin: { x in
      zip(x[0], x[1]).map { $0 * $1 }
    }
    // snippet.end

    GradientCase("multiply", "a matrix by a column", of: .test(4, 3), .test(4, 1)) {
      $0[0] * $0[1]
    } twin: { x in
      x[0].indices.map { x[0][$0] * x[1][$0 / 3] }
    }

    GradientCase("multiply", "a scalar by a block", of: .test(), .test(2, 3, 2)) {
      $0[0] * $0[1]
    } twin: { x in
      x[1].map { $0 * x[0][0] }
    }

    GradientCase("multiply", "stretched in the middle", of: .test(2, 1, 3), .test(2, 4, 1)) {
      $0[0] * $0[1]
    } twin: { x in
      table(24) { x[0][$0 / 12 * 3 + $0 % 3] * x[1][$0 / 3] }
    }

    GradientCase("divide", of: .test(2, 3), .positive(2, 3)) {
      $0[0] / $0[1]
    } twin: { x in
      zip(x[0], x[1]).map { $0 / $1 }
    }

    GradientCase("divide", "a matrix by its column", of: .test(2, 3), .positive(2, 1)) {
      $0[0] / $0[1]
    } twin: { x in
      x[0].indices.map { x[0][$0] / x[1][$0 / 3] }
    }

    GradientCase("divide", "a number by a variable", of: .positive(7)) {
      3 / $0[0]
    } twin: { x in
      x[0].map { 3 / $0 }
    }

    GradientCase("scale", "by either side, by a divisor, by -1", of: .test(7)) {
      -(2 * $0[0] * 3) / 4
    } twin: { x in
      x[0].map { -1.5 * $0 }
    }

    GradientCase("shift", "on either side", of: .test(7)) {
      1 - (2 + ($0[0] - 5))
    } twin: { x in
      x[0].map { 4 - $0 }
    }
  }

  @GradientCaseList static var functions: [GradientCase] {
    GradientCase("exp", "more than a vector of lanes", of: .test(19)) {
      $0[0].exp()
    } twin: { x in
      x[0].map { exp($0) }
    }

    GradientCase("log", of: .positive(2, 5)) {
      $0[0].log()
    } twin: { x in
      x[0].map { log($0) }
    }

    GradientCase("squareRoot", of: .positive(2, 5)) {
      $0[0].squareRoot()
    } twin: { x in
      x[0].map { $0.squareRoot() }
    }

    GradientCase("square", of: .test(2, 5)) {
      $0[0].squared()
    } twin: { x in
      x[0].map { $0 * $0 }
    }

    GradientCase("sigmoid", of: .test(3, 7)) {
      ($0[0] * 3).sigmoid()
    } twin: { x in
      x[0].map { 1 / (1 + exp(-3 * $0)) }
    }

    GradientCase("silu", of: .test(3, 7)) {
      ($0[0] * 3).silu()
    } twin: { x in
      x[0].map { 3 * $0 / (1 + exp(-3 * $0)) }
    }

    GradientCase("relu", of: .test(3, 7)) {
      $0[0].relu()
    } twin: { x in
      x[0].map { max($0, 0) }
    }

    GradientCase("clamp", of: .test(3, 7)) {
      $0[0].clamped(to: -0.5...1)
    } twin: { x in
      x[0].map { min(max($0, -0.5), 1) }
    }
  }

  @GradientCaseList static var reductions: [GradientCase] {
    GradientCase("sum", of: .test(2, 3, 4)) {
      $0[0].sum()
    } twin: { x in
      [x[0].reduce(0, +)]
    }

    GradientCase("sum", "as a mean", of: .test(2, 3, 4)) {
      $0[0].mean()
    } twin: { x in
      [x[0].reduce(0, +) / 24]
    }

    GradientCase("sumAlong", "the last axis", of: .test(4, 5)) {
      $0[0].sum(along: -1)
    } twin: { x in
      rows(x[0], of: 5).map { $0.reduce(0, +) }
    }

    GradientCase("sumAlong", "the middle axis, as a mean, kept", of: .test(2, 3, 4)) {
      $0[0] * $0[0].mean(along: 1, keepingAxis: true)
    } twin: { x in
      table(24) { i in
        let start = i / 12 * 12 + i % 4
        let sum: Double = x[0][start] + x[0][start + 4] + x[0][start + 8]
        return x[0][i] * sum / 3
      }
    }

    GradientCase("maximumAlong", "the last axis", of: .test(4, 5)) {
      $0[0].maximum(along: -1)
    } twin: { x in
      rows(x[0], of: 5).map { $0.max() ?? .nan }
    }

    GradientCase("maximumAlong", "the first axis, kept", of: .test(3, 4)) {
      $0[0] - $0[0].maximum(along: 0, keepingAxis: true)
    } twin: { x in
      table(12) { i in x[0][i] - max(x[0][i % 4], x[0][4 + i % 4], x[0][8 + i % 4]) }
    }
  }

  @GradientCaseList static var gathering: [GradientCase] {
    GradientCase("gather", "one row twice, one never", of: .test(4, 3)) {
      $0[0].gathered(at: [2, 0, 2, 3])
    } twin: { x in
      [2, 0, 2, 3].flatMap { rows(x[0], of: 3)[$0] }
    }

    GradientCase("scatterAdd", "two rows to one place", of: .test(4, 3)) {
      $0[0].scatterAdded(to: [2, 0, 2, 4], rows: 5)
    } twin: { x in
      var y = [Double](repeating: 0, count: 15)
      for (row, index) in [2, 0, 2, 4].enumerated() {
        for j in 0..<3 { y[index * 3 + j] += x[0][row * 3 + j] }
      }
      return y
    }

    GradientCase("pick", "two of each row, one of them twice", of: .test(3, 4)) {
      $0[0].picked(at: [1, 3, 2, 2, 0, 1])
    } twin: { x in
      [1, 3, 6, 6, 8, 9].map { x[0][$0] }
    }

    GradientCase("mask", "the future, in two heads", of: .test(2, 3, 3)) {
      $0[0].masked(where: (0..<9).map { $0 % 3 > $0 / 3 }, with: -5)
    } twin: { x in
      x[0].indices.map { $0 % 9 % 3 > $0 % 9 / 3 ? -5 : x[0][$0] }
    }
  }
}
