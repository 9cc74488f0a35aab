import ExerciseKit
import Exercises14
import Solutions14
import Tensors
import TestSupport
import Testing

@Suite struct `Exercise 14.5` {
  static let exercise = Exercise<@Sendable ([[Int]], [Double]) throws -> [Double]>(
    "14.5", yours: Exercises14.fairRates, solution: Solutions14.fairRates,
    mutants: [
      "shares once": Mutants14_5.sharesOnce, "slows all": Mutants14_5.slowsAll,
      "looks at one link": Mutants14_5.looksAtOne,
      "serves in order": Mutants14_5.servesInOrder, "takes nothing": Mutants14_5.takesNothing,
    ]
  ) { answer in
    try demandClose(
      try answer([[0], [0]], [1]), [0.5, 0.5], within: 1e-9, "Two flows on one link share it.")
    try demandClose(
      try answer([[0, 1], [0], [1], [1]], [1, 1]), [1 / 3.0, 2 / 3.0, 1 / 3.0, 1 / 3.0],
      within: 1e-9, "The second link is full first. Who may then have the rest of the first?")
    var generator = SplitMix64(seed: 14)
    for _ in 0..<20 {
      let speeds = (0..<6).map { _ in 0.5 + generator.uniform() }
      let ways = (0..<9).map { _ in
        let first = Int(generator.uniform() * 6)
        return [first, (first + 1 + Int(generator.uniform() * 5)) % 6]
      }
      try check(answer(ways, speeds), ways, speeds)
    }
  }

  /// No link is overfull, and each flow crosses a full link on which nobody has more.
  private static func check(_ rates: [Double], _ ways: [[Int]], _ speeds: [Double]) throws {
    try demand(rates.count == ways.count, "There is a rate for every flow.")
    let loads = speeds.indices.map { link in
      zip(rates, ways).reduce(0) { $0 + ($1.1.contains(link) ? $1.0 : 0) }
    }
    for link in speeds.indices {
      try demand(loads[link] <= speeds[link] + 1e-9, "Link \(link) carries more than it can.")
    }
    for (flow, way) in ways.enumerated() {
      let isLimited = way.contains { link in
        let most = zip(rates, ways).map { $1.contains(link) ? $0 : 0 }.max() ?? 0
        return loads[link] >= speeds[link] - 1e-9 && rates[flow] >= most - 1e-9
      }
      try demand(isLimited, "Flow \(flow) could have more and take it from nobody with less.")
    }
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
