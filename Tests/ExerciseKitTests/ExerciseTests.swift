import ExerciseKit
import Foundation
import TestSupport
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

  @Test func `that is solved leaves no issue`() {
    tryYours(exercise(yours: { $0 * $0 }))
  }

  @Test func `that is answered wrongly fails with its first hint`() {
    withKnownIssue {
      tryYours(exercise(yours: { $0 }))
    } matching: {
      $0.comments.map(\.rawValue) == ["Exercise 9.1: What is 3 × 3? (found 3.0)"]
    }
  }

  @Test func `that throws an error of its own fails`() {
    withKnownIssue {
      tryYours(exercise(yours: { _ in throw OutOfPaper() }))
    } matching: {
      $0.comments.map(\.rawValue) == ["Exercise 9.1 threw an error: OutOfPaper()"]
    }
  }

  @Test func `whose solution is wrong, or that has no mutant, fails`() {
    let wrong = Exercise<Answer>("9.2", yours: { $0 }, solution: { $0 }, mutants: [:]) {
      answer in
      try demand(try answer(1) == 2, "double it")
    }
    withKnownIssue { proveSolution(wrong) }
    let bare = Exercise<Answer>("9.3", yours: { $0 }, solution: { $0 }, mutants: [:]) { _ in }
    withKnownIssue { proveSolution(bare) }
    proveSolution(exercise(yours: { $0 }))
  }

  @Test func `whose mutant passes, throws or does not exist fails`() {
    proveMutant("forgets to square", of: exercise(yours: { $0 }))
    withKnownIssue {
      proveMutant("forgets to square", of: exercise(yours: { $0 }, mutant: { $0 * $0 }))
    }
    withKnownIssue {
      let unfinished = exercise(yours: { $0 }, mutant: { _ in throw Unfinished("9.1") })
      proveMutant("forgets to square", of: unfinished)
    }
    withKnownIssue { proveMutant("forgets", of: exercise(yours: { $0 })) }
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
