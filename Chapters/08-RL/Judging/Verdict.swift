/// What a response turned out to be, by its form alone.
///
/// At most one `<think>`, and it is the first token; exactly one `</think>` if there is a
/// `<think>`; the answer is what stands from there to the end token, which must be there and be
/// last. Nothing is searched for: an answer in the wrong place is no answer.
public struct Verdict: Sendable, Equatable {
  /// Why a response has no answer.
  public enum Fault: String, Sendable, CaseIterable {
    /// The budget ended before the end token came.
    case truncated
    /// Something follows the end token.
    case continued
    /// A thought that begins late or twice, or ends without having begun.
    case misplacedThought
    /// A thought that never ends.
    case endlessThought
    /// A token in a thought that is no text.
    case illegalThought
    /// Nothing where the answer should be.
    case emptyAnswer
    /// An answer with a token that the task's answers never have.
    case illegalAnswer
  }

  /// What is wrong with the form, if anything is.
  public let fault: Fault?
  /// The text of the thought, if the form is right and there is one.
  public let thought: String?
  /// The text of the answer, if the form is right.
  public let answer: String?

  /// Describes a response.
  public init(fault: Fault?, thought: String?, answer: String?) {
    self.fault = fault
    self.thought = thought
    self.answer = answer
  }

  /// Whether there is an answer to judge.
  public var isValid: Bool { fault == nil }

  /// Whether the response thinks, and does so in the right form; an empty thought does not
  /// count.
  public var isThinking: Bool { thought.map { !$0.isEmpty } ?? false }

  fileprivate static func fault(_ fault: Fault) -> Verdict {
    Verdict(fault: fault, thought: nil, answer: nil)
  }
}

extension TaskAlphabet {
  // snippet.parse
  /// Reads a response by the rules of `Verdict`.
  ///
  /// The answers of this chapter are digits, so nothing else is legal in one.
  public func parse(_ response: [Int]) -> Verdict {
    guard let stop = response.firstIndex(of: end) else { return .fault(.truncated) }
    guard stop == response.count - 1 else { return .fault(.continued) }
    var answer = response[..<stop]
    var thought: ArraySlice<Int>?
    if answer.first == think {
      guard let close = answer.firstIndex(of: endThink) else { return .fault(.endlessThought) }
      thought = answer[1..<close]
      answer = answer[(close + 1)...]
    }
    let rest = (thought ?? []) + answer
    guard !rest.contains(think), !rest.contains(endThink) else {
      return .fault(.misplacedThought)
    }
    guard thought?.allSatisfy(isCharacter) ?? true else { return .fault(.illegalThought) }
    guard !answer.isEmpty else { return .fault(.emptyAnswer) }
    guard answer.allSatisfy(isAnswer) else { return .fault(.illegalAnswer) }
    return Verdict(
      fault: nil, thought: thought.map { tokenizer.decode(Array($0)) },
      answer: tokenizer.decode(Array(answer)))
  }
  // snippet.end
}
