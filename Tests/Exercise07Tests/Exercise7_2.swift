import DualPipe
import ExerciseKit
import Exercises07
import Solutions07
import TestSupport
import Testing

@Suite struct `Exercise 7.2` {
  static let exercise = Exercise<@Sendable (Int, Int, Int) throws -> [DualPipe.Operation]>(
    "7.2", yours: Exercises07.oneForwardOneBackward,
    solution: Solutions07.oneForwardOneBackward,
    mutants: [
      "keeps one more": Mutants7_2.keepsOneMore,
      "warms up alike everywhere": Mutants7_2.warmsUpAlike,
      "forgets that there may be few": Mutants7_2.forgetsTheFew,
      "goes back from the newest": Mutants7_2.goesBackFromTheNewest,
      "goes all forward": Mutants7_2.goesAllForward,
    ]
  ) { answer in
    try demand(
      letters(try answer(3, 4, 3)) == "F0 B0 F1 B1 F2 B2", "What does the last rank wait for?")
    try demand(
      letters(try answer(1, 4, 6)) == "F0 F1 F2 B0 F3 B1 F4 B2 F5 B3 B4 B5",
      "Rank 1 of 4: how many forward passes come before the first backward one, and of which "
        + "micro-batch is that?")
    try demand(
      letters(try answer(0, 4, 2)) == "F0 F1 B0 B1", "What if there are fewer than P − 1 − r?")
    for rank in 0..<5 {
      let plan = try answer(rank, 5, 9)
      try demand(
        plan.compactMap { $0.forwardChunk ?? $0.backwardChunk }.allSatisfy { $0.stage == rank },
        "Which stage lies on rank \(rank)?")
      try demand(
        live(plan) == 5 - rank, "How many micro-batches are out on rank \(rank) of 5 at most?")
    }
  }

  /// A plan in letters, such as "F0 F1 B0".
  static func letters(_ plan: [DualPipe.Operation]) -> String {
    plan.map {
      switch $0 {
      case .forward(let chunk): "F\(chunk.microBatch)"
      case .backward(let chunk): "B\(chunk.microBatch)"
      default: "?"
      }
    }.joined(separator: " ")
  }

  /// The most micro-batches that were taken forward and not yet back.
  static func live(_ plan: [DualPipe.Operation]) -> Int {
    var (out, most) = (0, 0)
    for operation in plan {
      out += operation.forwardChunk == nil ? -1 : 1
      most = max(most, out)
    }
    return most
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
