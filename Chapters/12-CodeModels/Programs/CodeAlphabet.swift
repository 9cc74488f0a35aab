import RL
import Tensors
import Text

/// The tokens of programs and of what is said about them: one character one token.
///
/// The frame of questions and answers is that of chapter 8, so the sums of that chapter can be
/// asked of a model of this one. Behind its special tokens stand the three that fill in a middle.
public struct CodeAlphabet: Sendable, Equatable {
  /// Questions, responses and their tokens.
  public let tasks: TaskAlphabet

  /// The characters that programs and words about them need beyond those of the tasks.
  public static let characters = "abdefghijklmnoqtuvwxyz:,> "

  /// 57 tokens.
  public static let standard = CodeAlphabet(
    tasks: TaskAlphabet(adding: characters, special: FillInTheMiddle.specialTokens))

  /// Writes the tokens and reads them.
  public var tokenizer: Tokenizer { tasks.tokenizer }

  /// The rewriting of documents at some rate, with the tokens of this alphabet.
  public func fillInTheMiddle(rate: Double) -> FillInTheMiddle {
    let first = TaskAlphabet.specialTokens.count
    return FillInTheMiddle(begin: first, hole: first + 1, end: first + 2, rate: rate)
  }

  /// Whether a token is a character.
  func isCharacter(_ token: Int) -> Bool {
    token >= TaskAlphabet.specialTokens.count + FillInTheMiddle.specialTokens.count
      && token < tokenizer.vocabularySize
  }

  /// The answer in a response, by its form alone.
  ///
  /// A thought between its two tokens may stand first, the answer is what follows, and the end
  /// token comes last. Nothing is searched for: an answer in the wrong place is no answer.
  public func answer(in response: [Int]) -> ResponseForm {
    guard response.contains(tasks.end) else { return .endless }
    guard response.last == tasks.end else { return .noAnswer }
    var rest = response.dropLast()
    if rest.first == tasks.think {
      guard let close = rest.firstIndex(of: tasks.endThink),
        rest[1..<close].allSatisfy(isCharacter)
      else { return .noAnswer }
      rest = rest[(close + 1)...]
    }
    guard !rest.isEmpty, rest.allSatisfy(isCharacter) else { return .noAnswer }
    return .answer(tokenizer.decode(Array(rest)))
  }
}

/// What the form of a response gives to judge.
public enum ResponseForm: Sendable, Equatable {
  /// The text of an answer.
  case answer(String)
  /// The response ended and has no answer where it belongs.
  case noAnswer
  /// The budget was over before the response was.
  case endless
}
