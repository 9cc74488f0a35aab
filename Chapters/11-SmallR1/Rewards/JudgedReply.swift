import RL

/// A response to a question with all that rules can say of it.
public struct JudgedReply: Sendable, Equatable {
  /// What was asked.
  public let question: Question
  /// The response.
  public let response: Response
  /// Its form.
  public let verdict: Verdict
  /// Whether its answer is right; never of a request, which has no right answer.
  public let isRight: Bool
  /// The share of the thought's words that are of the question's tongue.
  ///
  /// A thought without words has none: an empty thought must not be a consistent one.
  public let consistency: Double
  /// Whether the thought ends with its result, as `=0`, and the answer is that result.
  public let isSummedUp: Bool

  /// Judges a response.
  public init(_ response: Response, to question: Question, in alphabet: TaskAlphabet) {
    let verdict = alphabet.parse(response.tokens)
    self.question = question
    self.response = response
    self.verdict = verdict
    isRight = verdict.answer.map(question.judge) ?? false
    consistency = verdict.thought.flatMap { question.tongue.share(of: $0) } ?? 0
    isSummedUp = verdict.thought.map { $0.hasSuffix("=" + (verdict.answer ?? "")) } ?? false
  }

  /// Whether a person would like to read it: a thought in the question's tongue alone, summed up.
  public var isReadable: Bool { verdict.isThinking && consistency == 1 && isSummedUp }
}

extension Collection where Element == JudgedReply {
  /// The mean consistency of those that think; nil if none does.
  ///
  /// Answers at once have no tongue to be consistent in, and are left out rather than counted as 0.
  public var consistency: Double? {
    let thinking = filter(\.verdict.isThinking)
    return thinking.isEmpty ? nil : thinking.average(\.consistency)
  }
}

extension Collection {
  /// The mean of a number; 0 of nothing.
  func average(_ number: (Element) -> Double) -> Double {
    isEmpty ? 0 : reduce(0) { $0 + number($1) } / Double(count)
  }

  /// The share of elements with a property; 0 of nothing.
  func portion(where isCounted: (Element) -> Bool) -> Double {
    average { isCounted($0) ? 1 : 0 }
  }
}
