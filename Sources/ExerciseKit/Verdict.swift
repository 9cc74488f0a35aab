/// What a check makes of an answer.
public enum Verdict: Equatable, Sendable {
  /// The answer is still the starter.
  case unfinished
  /// The answer gives wrong results; the hint says where to look.
  case wrong(hint: String)
  /// The answer threw an error of its own.
  case failed(error: String)
  /// The answer passes.
  case right

  /// One word, as the exercise board records it.
  public var word: String {
    switch self {
    case .unfinished: "unfinished"
    case .wrong, .failed: "wrong"
    case .right: "right"
    }
  }

  /// What the test of the reader's answer does with the verdict.
  public enum Consequence: Equatable, Sendable {
    /// The test is green.
    case pass
    /// The test is green and reminds of work to do.
    case knownIssue
    /// The test is red, with a sentence.
    case fail(String)
  }

  /// The consequence for an exercise; with `mustBeUnsolved`, only an untouched starter will do.
  public func consequence(for exercise: String, mustBeUnsolved: Bool) -> Consequence {
    if mustBeUnsolved, self != .unfinished {
      return .fail("The starter of exercise \(exercise) is not unfinished, but \(self).")
    }
    switch self {
    case .right: return .pass
    case .unfinished: return .knownIssue
    case .wrong(let hint): return .fail("Exercise \(exercise): \(hint)")
    case .failed(let error): return .fail("Exercise \(exercise) threw an error: \(error)")
    }
  }
}

extension Verdict: CustomStringConvertible {
  /// The verdict as the end of a sentence.
  public var description: String {
    switch self {
    case .unfinished: "unfinished"
    case .wrong(let hint): "wrong (\(hint))"
    case .failed(let error): "stopped by an error (\(error))"
    case .right: "right"
    }
  }
}
