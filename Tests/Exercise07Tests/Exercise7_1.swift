import ExerciseKit
import Exercises07
import Solutions07
import TestSupport
import Testing

@Suite struct `Exercise 7.1` {
  static let exercise = Exercise<@Sendable () throws -> (times: [Double], kept: [Int])>(
    "7.1", yours: Exercises07.stepsOfFour, solution: Solutions07.stepsOfFour,
    mutants: [
      "lets 1F1B save time": Mutants7_1.savesTime,
      "lets GPipe keep little": Mutants7_1.keepsLittle,
      "halves the backward pass": Mutants7_1.halvesBackward,
      "counts all ranks for DualPipe": Mutants7_1.countsAllRanks,
    ]
  ) { answer in
    let (times, kept) = try answer()
    try demand(times.count == 4 && kept.count == 4, "Are there four schedules?")
    try demand(
      times[0] == 33,
      "How long does the last rank wait for its first chunk, and how much work has it?")
    try demand(times[1] == 33, "1F1B has the order of GPipe changed. Is its bubble smaller?")
    try demand(times[2] == 27, "ZB1P: (P − 1)(F + B − 2W), and B is the whole backward pass.")
    try demand(times[3] == 26, "DualPipe: how many ranks are there on one side of the middle?")
    try demand(kept[0] == 8, "When does GPipe begin to go back?")
    try demand(
      kept[1...2] == [4, 4], "How many forward passes come before the first way back on rank 0?"
    )
    try demand(kept[3] == 5, "The pair takes a chunk in before it lets one go.")
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
