import ExerciseKit
import Exercises01
import Solutions01
import TestSupport
import Testing

@Suite struct `Exercise 1.2` {
  typealias Answer =
    @Sendable ([Double], [Double], [Double], Double) throws -> (
      row: [Double], weight: [Double]
    )

  static let exercise = Exercise<Answer>(
    "1.2", yours: Exercises01.normShares, solution: Solutions01.normShares,
    mutants: [
      "takes the root for a constant": Mutants1_2.fixesTheRoot,
      "forgets the weight": Mutants1_2.forgetsTheWeight,
      "leaves ε out": Mutants1_2.dropsEpsilon,
    ]
  ) { answer in
    let (row, weight) = ([3, -4, 1.5, 0.5], [1, 2, 0.5, -1.0])
    let upstream = [0.3, -0.2, 1, 0.7]
    for epsilon in [1e-6, 0.5] {
      let shares = try answer(upstream, row, weight, epsilon)
      let byWeight = differences(weight) { result(row, $0, upstream, epsilon) }
      try demandClose(
        shares.weight, byWeight, within: 1e-6, "What does each weight multiply?")
      let byRow = differences(row) { result($0, weight, upstream, epsilon) }
      try demandClose(
        shares.row, byRow, within: 1e-6,
        "Does an entry of the row act on the result in one way only?")
    }
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}

/// What the upstream makes of the normalised row: a number whose slopes are wanted.
private func result(
  _ row: [Double], _ weight: [Double], _ upstream: [Double], _ epsilon: Double
) -> Double {
  let square = row.reduce(0) { $0 + $1 * $1 } / Double(row.count)
  let root = (square + epsilon).squareRoot()
  return row.indices.reduce(0) { $0 + upstream[$1] * weight[$1] * row[$1] / root }
}

/// Central differences.
private func differences(_ x: [Double], _ function: ([Double]) -> Double) -> [Double] {
  x.indices.map { index in
    var (above, below) = (x, x)
    above[index] += 1e-5
    below[index] -= 1e-5
    return (function(above) - function(below)) / 2e-5
  }
}
