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
  let mustBeUnsolved = environment["EXERCISES"] == "unsolved"
  switch verdict.consequence(for: exercise.number, mustBeUnsolved: mustBeUnsolved) {
  case .pass: break
  case .knownIssue:
    withKnownIssue(sourceLocation: sourceLocation) { throw Unfinished(exercise.number) }
  case .fail(let sentence):
    Issue.record(Comment(rawValue: sentence), sourceLocation: sourceLocation)
  }
}

/// Proves that the solution passes and that there is a mutant at all.
public func proveSolution<Answer>(
  _ exercise: Exercise<Answer>, sourceLocation: SourceLocation = #_sourceLocation
) {
  guard let fault = exercise.solutionFault else { return }
  Issue.record(Comment(rawValue: fault), sourceLocation: sourceLocation)
}

/// Proves that the check finds one mutant wrong.
public func proveMutant<Answer>(
  _ name: String, of exercise: Exercise<Answer>,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  guard let fault = exercise.mutantFault(name) else { return }
  Issue.record(Comment(rawValue: fault), sourceLocation: sourceLocation)
}

/// Appends a line in one write, so that tests in parallel do not mix theirs.
private func append(_ line: String, to path: String) {
  guard let file = fopen(path, "a") else { return }
  fputs(line, file)
  fclose(file)
}
