import ExerciseKit
import Foundation
import Testing

/// Tests the reader's answer.
///
/// An untouched starter is a known issue, so a fresh clone is green and the number of known issues
/// is the number of exercises still to do. With `EXERCISES=unsolved` everything but an untouched
/// starter fails. With `EXERCISES_BOARD=FILE` the verdict is also appended to a file.
public func tryYours<Answer>(
  _ exercise: Exercise<Answer>, sourceLocation: SourceLocation = #_sourceLocation
) {
  let verdict = exercise.verdict(of: exercise.yours)
  let environment = ProcessInfo.processInfo.environment
  if let board = environment["EXERCISES_BOARD"] {
    append("\(exercise.number) \(verdict.word)\n", to: board)
  }
  if environment["EXERCISES"] == "unsolved", verdict != .unfinished {
    Issue.record(
      "Exercise \(exercise.number) is not unfinished in its starter: \(verdict)",
      sourceLocation: sourceLocation)
    return
  }
  switch verdict {
  case .right: break
  case .unfinished:
    withKnownIssue(sourceLocation: sourceLocation) { throw Unfinished(exercise.number) }
  case .wrong(let hint):
    Issue.record("Exercise \(exercise.number): \(hint)", sourceLocation: sourceLocation)
  case .failed(let error):
    Issue.record(
      "Exercise \(exercise.number) threw an error: \(error)", sourceLocation: sourceLocation)
  }
}

/// Proves that the solution passes and that there is a mutant at all.
public func proveSolution<Answer>(
  _ exercise: Exercise<Answer>, sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(
    exercise.verdict(of: exercise.solution) == .right, "the solution of \(exercise.number)",
    sourceLocation: sourceLocation)
  #expect(
    !exercise.mutants.isEmpty, "exercise \(exercise.number) needs a mutant",
    sourceLocation: sourceLocation)
}

/// Proves that the check finds one mutant wrong; an error other than `Wrong` does not count.
public func proveMutant<Answer>(
  _ name: String, of exercise: Exercise<Answer>,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let mutants = exercise.mutants.filter { $0.name == name }
  #expect(mutants.count == 1, "mutants need names of their own", sourceLocation: sourceLocation)
  for mutant in mutants {
    let verdict = exercise.verdict(of: mutant.answer)
    if case .wrong = verdict { continue }
    Issue.record(
      "The mutant '\(name)' of exercise \(exercise.number) is not caught: \(verdict)",
      sourceLocation: sourceLocation)
  }
}

/// Appends a line in one write, so that tests in parallel do not mix theirs.
private func append(_ line: String, to path: String) {
  guard let file = fopen(path, "a") else { return }
  fputs(line, file)
  fclose(file)
}
