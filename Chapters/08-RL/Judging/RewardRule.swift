import Text

/// What a response is paid: by rule, for being right and, if wanted, for its form.
///
/// R = accuracy + weight · format. R1-Zero gives both the same weight; here the weight is 0, so
/// that nothing is paid for thinking as such and every growth of the thought is earned by right
/// answers. Paper: DeepSeek-R1 §2.2.2.
public struct RewardRule: Sendable, Equatable, Codable {
  /// What the right form is worth against a right answer.
  public var formatWeight: Double

  /// Creates a rule.
  public init(formatWeight: Double = 0) { self.formatWeight = formatWeight }

  /// Judges a response.
  ///
  /// A truncated response is paid nothing.
  public func reward(_ verdict: Verdict, for item: TaskItem) -> Double {
    guard let answer = verdict.answer else { return 0 }
    return (item.judge(answer) ? 1 : 0) + (verdict.isThinking ? formatWeight : 0)
  }
}

/// A response with all that is known of it.
public struct JudgedResponse: Sendable, Equatable {
  /// The response.
  public let response: Response
  /// Its form.
  public let verdict: Verdict
  /// Whether its answer is right.
  public let isRight: Bool

  /// Judges a response to a problem.
  public init(_ response: Response, to item: TaskItem, in alphabet: TaskAlphabet) {
    self.response = response
    verdict = alphabet.parse(response.tokens)
    isRight = verdict.answer.map(item.judge) ?? false
  }
}
