import DualPipe
import ExerciseKit
import Exercises07
import Solutions07
import TestSupport
import Testing

@Suite struct `Exercise 7.3` {
  static let exercise = Exercise<@Sendable (Int, Int) throws -> [Int]>(
    "7.3", yours: Exercises07.firstForwards, solution: Solutions07.firstForwards,
    mutants: [
      "leaves the mistake": Mutants7_3.leavesIt,
      "turns the lower half": Mutants7_3.turnsTheLowerHalf,
      "turns the last rank": Mutants7_3.turnsTheLast,
      "alternates from the start": Mutants7_3.alternates,
    ]
  ) { answer in
    for ranks in [2, 4, 8] {
      let plans = try (0..<ranks).map { try answer($0, ranks) }
      if let report = run(plans) {
        try demand(false, "\(report) Which way is the first phase of the last rank?")
      }
      try demand(
        plans[0] == Array(stride(from: 0, to: 2 * (ranks - 1), by: 2)) + [1],
        "Does the first rank begin with what enters there?")
      for rank in 0..<ranks {
        let mirrored = plans[ranks - 1 - rank].map { $0 ^ 1 }
        try demand(
          plans[rank] == mirrored, "Turn the pipeline around: does rank \(rank) look the same?")
      }
    }
  }

  private static let activations = Line<Int>("activations")

  /// Sends numbers down and up as the plans say; returns what the machine complains about.
  private static func run(_ plans: [[Int]]) -> String? {
    do {
      _ = try Cluster(ranks: plans.count).run { rank in
        for number in plans[rank.index] {
          let step = number % 2 == 0 ? 1 : -1
          let (source, destination) = (rank.index - step, rank.index + step)
          if plans.indices.contains(source) {
            let came = try rank.receive(from: source, over: activations)
            guard came == number else { throw Crossed(wanted: number, came: came) }
          }
          if plans.indices.contains(destination) {
            try rank.send(number, to: destination, over: activations)
          }
        }
      }
      return nil
    } catch { return "\(error)" }
  }

  private struct Crossed: Error, CustomStringConvertible {
    let wanted, came: Int
    var description: String { "micro-batch \(came) came for \(wanted)." }
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
