import ExerciseKit
import Testing

@Suite struct `An exercise` {
  typealias Answer = @Sendable (Double) throws -> Double

  private func exercise(
    yours: @escaping Answer, mutant: @escaping Answer = { $0 }
  ) -> Exercise<Answer> {
    Exercise<Answer>(
      "9.1", yours: yours, solution: { $0 * $0 }, mutants: ["forgets to square": mutant]
    ) { answer in
      try demandClose(try answer(3), 9, within: 1e-9, "What is 3 × 3?")
    }
  }

  private struct OutOfPaper: Error {}

  @Test func `tells starters, wrong, failing and right answers apart`() {
    let square = exercise(yours: { $0 * $0 })
    #expect(square.verdict(of: { _ in throw Unfinished("9.1") }) == .unfinished)
    #expect(square.verdict(of: { $0 }) == .wrong(hint: "What is 3 × 3? (found 3.0)"))
    #expect(
      square.verdict(of: { _ in throw OutOfPaper() }) == .failed(error: "OutOfPaper()"))
    #expect(square.verdict(of: square.yours) == .right)
    #expect(square.verdict(of: square.solution) == .right)
  }

  @Test
  func `is green when solved, a known issue when untouched and red with its hint when wrong`() {
    let consequences: [(Verdict, Verdict.Consequence)] = [
      (.right, .pass), (.unfinished, .knownIssue),
      (.wrong(hint: "Why?"), .fail("Exercise 9.1: Why?")),
      (.failed(error: "E()"), .fail("Exercise 9.1 threw an error: E()")),
    ]
    for (verdict, consequence) in consequences {
      #expect(verdict.consequence(for: "9.1", mustBeUnsolved: false) == consequence)
    }
  }

  @Test func `must be untouched when all have to be unsolved`() {
    let verdicts: [Verdict] = [
      .unfinished, .right, .wrong(hint: "Why?"), .failed(error: "E()"),
    ]
    let consequences = verdicts.map { $0.consequence(for: "9.1", mustBeUnsolved: true) }
    let sentence = "The starter of exercise 9.1 is not unfinished, but"
    #expect(
      consequences == [
        .knownIssue, .fail("\(sentence) right."), .fail("\(sentence) wrong (Why?)."),
        .fail("\(sentence) stopped by an error (E())."),
      ])
  }

  @Test func `needs a right solution and a mutant`() {
    #expect(exercise(yours: { $0 }).solutionFault == nil)
    let wrong = Exercise<Answer>("9.2", yours: { $0 }, solution: { $0 }, mutants: [:]) {
      answer in
      try demand(try answer(1) == 2, "Double it?")
    }
    #expect(wrong.solutionFault == "The solution of exercise 9.2 is wrong (Double it?).")
    let bare = Exercise<Answer>("9.3", yours: { $0 }, solution: { $0 }, mutants: [:]) { _ in }
    #expect(bare.solutionFault == "Exercise 9.3 needs a mutant.")
  }

  @Test func `needs mutants that its check finds wrong`() {
    let name = "forgets to square"
    let square = exercise(yours: { $0 })
    #expect(square.mutantFault(name) == nil)
    #expect(square.mutantFault("x") == "Exercise 9.1 has 0 mutants named 'x'.")
    let right = exercise(yours: { $0 }, mutant: { $0 * $0 })
    let sentence = "The mutant '\(name)' of exercise 9.1 is not caught, but"
    #expect(right.mutantFault(name) == "\(sentence) right.")
    let unfinished = exercise(yours: { $0 }, mutant: { _ in throw Unfinished("9.1") })
    #expect(unfinished.mutantFault(name) == "\(sentence) unfinished.")
    let failing = exercise(yours: { $0 }, mutant: { _ in throw OutOfPaper() })
    #expect(failing.mutantFault(name) == "\(sentence) stopped by an error (OutOfPaper()).")
  }

  @Test func `finds NaN and a missing number far from everything`() {
    #expect(throws: Wrong.self) { try demandClose(Double.nan, 1, within: 9, "a number?") }
    #expect(throws: Wrong("all? (found 1 numbers instead of 2)")) {
      try demandClose([1.0], [1, 2], within: 9, "all?")
    }
    #expect(throws: Wrong("which? (found 5.0 at place 1)")) {
      try demandClose([1.0, 5], [1, 2], within: 0.5, "which?")
    }
    #expect(throws: Never.self) { try demandClose([1.0, 2.4], [1, 2], within: 0.5, "which?") }
  }
}
