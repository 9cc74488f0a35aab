import ExerciseKit
import Exercises06
import Solutions06
import TestSupport
import Testing

@Suite struct `Exercise 6.1` {
  static let exercise = Exercise<@Sendable () throws -> [Double]>(
    "6.1", yours: Exercises06.remains, solution: Solutions06.remains,
    mutants: [
      "rounds away from zero": Mutants6_1.roundsAway,
      "has no subnormal numbers": Mutants6_1.flushes,
      "overflows": Mutants6_1.overflows,
      "truncates": Mutants6_1.truncates,
      "takes the other format": Mutants6_1.takesTheOther,
    ]
  ) { answer in
    let found = try answer()
    try demand(found.count == 5, "Are there five numbers?")
    try demand(
      found[0] == 8, "Which numbers of E5M2 are nearest to 9, and which of their codes is even?"
    )
    try demand(found[1] == 1.5, "What are the codes of 1.25 and 1.5, and which ends in 0?")
    try demand(
      found[2] == 0x1p-14,
      "How wide are the steps below 2⁻¹⁴, and how many of them are 0.00006?")
    try demand(found[3] == 0, "Between which two numbers does 2⁻¹⁷ lie, and which is even?")
    try demand(found[4] == 57344, "What becomes of a number that is too large?")
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
