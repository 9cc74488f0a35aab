import Text

/// A conversation as tokens, with the places that are to be learnt.
public struct ChatExample: Sendable, Equatable {
  /// The tokens, begin and ends among them.
  public let tokens: [Int]
  /// For each token whether the assistant wrote it, its end token included.
  public let isTaught: [Bool]

  /// Creates an example.
  public init(tokens: [Int], isTaught: [Bool]) {
    self.tokens = tokens
    self.isTaught = isTaught
  }

  /// The number of targets.
  public var targetCount: Int { isTaught.dropFirst().count { $0 } }

  /// The next token at each place, or `ignored` where the assistant is not to write it.
  ///
  /// The mask belongs to the target, not to the input: the last token of a question predicts the
  /// first of the answer, and the end token is an answer's last target.
  public var targets: [Int] {
    zip(tokens, isTaught).dropFirst().map { $1 ? $0 : Batch.ignored }
  }
}

extension ChatCoder {
  // snippet.example
  /// Marks what the assistant says in a conversation.
  ///
  /// A model whose form has thoughts is taught the last answer alone. Its history has no
  /// thoughts, and without them the earlier answers would teach it not to think.
  public func example(_ conversation: Conversation) -> ChatExample {
    let answers = conversation.messages.indices.filter {
      conversation.messages[$0].role == .assistant
    }
    let taught = template == .deepSeekR1 ? answers.suffix(1) : answers[...]
    var tokens: [Int] = []
    var isTaught: [Bool] = []
    for index in taught {
      let before = prompt(Conversation(Array(conversation.messages[..<index])))
      // What was said before begins what is said now; were it merged otherwise, it is not taught.
      if !before.starts(with: tokens) { (tokens, isTaught) = ([], []) }
      isTaught += [Bool](repeating: false, count: before.count - tokens.count)
      let answer = answer(conversation.messages[index])
      tokens = before + answer
      isTaught += [Bool](repeating: true, count: answer.count)
    }
    return ChatExample(tokens: tokens, isTaught: isTaught)
  }
  // snippet.end
}
