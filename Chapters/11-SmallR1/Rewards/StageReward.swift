/// What the rules of a stage pay for a response.
///
/// R = accuracy + w_f · format + w_l · consistency
///
/// R1-Zero pays for accuracy alone here (chapter 8 says why); the reasoning stage adds the other
/// two. Consistency is added whether the answer is right or wrong, as DeepSeek has it: that is why it can cost
/// accuracy. Papers: DeepSeek-R1 (Nature), eq. 4 and 7.
public struct StageReward: Codable, Sendable, Equatable {
  /// w_f: what a thought that ends with its result is paid.
  public var formatWeight: Double
  /// w_l: what a thought wholly in the question's tongue is paid; part of it for a part.
  public var languageWeight: Double

  /// Creates a rule.
  public init(formatWeight: Double = 0, languageWeight: Double = 0) {
    self.formatWeight = formatWeight
    self.languageWeight = languageWeight
  }

  /// Accuracy alone.
  public static let accuracy = StageReward()

  /// Accuracy first, then form and language.
  public static let consistent = StageReward(formatWeight: 0.2, languageWeight: 0.5)

  // snippet.pay
  /// Pays a response to a question that has a right answer; one in the wrong form gets nothing.
  public func callAsFunction(_ reply: JudgedReply) -> Double {
    guard reply.verdict.isValid else { return 0 }
    return (reply.isRight ? 1 : 0) + (reply.isSummedUp ? formatWeight : 0)
      + languageWeight * reply.consistency
  }
  // snippet.end
}
