import DualPipe
import ExerciseKit
import Exercises07
import Solutions07
import TestSupport
import Testing

@Suite struct `Exercise 7.6` {
  static let exercise = Exercise<@Sendable ([Float], Rank) throws -> [Float]>(
    "7.6", yours: Exercises07.ringSum, solution: Solutions07.ringSum,
    mutants: [
      "sends all": Mutants7_6.sendsAll,
      "stops halfway": Mutants7_6.stopsHalfway,
      "adds twice": Mutants7_6.addsTwice,
      "begins the second round with the first part": Mutants7_6.beginsAgain,
      "forgets the rest": Mutants7_6.forgetsTheRest,
      "waits before it sends": Mutants7_6.waitsFirst,
    ]
  ) { answer in
    for (ranks, count) in [(1, 3), (2, 4), (3, 9), (4, 10), (5, 3)] {
      let own = (0..<ranks).map { rank in (0..<count).map { Float(10 * rank + $0) } }
      let sum = (0..<count).map { place in own.reduce(0) { $0 + $1[place] } }
      let cluster = Cluster(ranks: ranks)
      let results: [[Float]]
      do { results = try cluster.run { try answer(own[$0.index], $0) } } catch {
        if case ClusterError.failed(_, let cause) = error { throw cause }
        return try demand(false, "\(error) Who sends first?")
      }
      for result in results {
        try demand(
          result == sum, "\(ranks) ranks, \(count) numbers: \(result) is not the sum \(sum).")
      }
      let part = (count + ranks - 1) / ranks
      for rank in 0..<ranks {
        for (other, bytes) in cluster.traffic[rank].enumerated() where bytes > 0 {
          try demand(other == (rank + 1) % ranks, "Rank \(rank) sends to rank \(other).")
          try demand(
            bytes <= 4 * 2 * (ranks - 1) * part,
            "Rank \(rank) of \(ranks) sends \(bytes) bytes. How many parts may it send?")
        }
      }
    }
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
