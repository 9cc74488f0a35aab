import Checkpoints
import Tensors
import Text

/// The tokens of questions and answers: one character one token, and DeepSeek's frame around
/// them.
///
///     <｜begin▁of▁sentence｜><｜User｜>3719+<｜Assistant｜><think>33701190</think>0<｜end▁of▁sentence｜>
///     <｜begin▁of▁sentence｜><｜User｜>3719+<｜Assistant｜>0<｜end▁of▁sentence｜>
///
/// The bar is U+FF5C and the low line U+2581, as in the published tokenizer; nothing stands
/// between a role and what it says. Padding has a token of its own: a mask that leaves out
/// padding must not leave out the end.
public struct TaskAlphabet: Sendable, Equatable {
  /// Writes the tokens and reads them.
  public let tokenizer: Tokenizer
  /// `<｜begin▁of▁sentence｜>`, which begins a text.
  public let begin: Int
  /// `<｜end▁of▁sentence｜>`, the stop token.
  public let end: Int
  /// `<｜▁pad▁｜>`, which fills up rows.
  public let padding: Int
  /// `<｜User｜>`, which begins a question.
  public let user: Int
  /// `<｜Assistant｜>`, which begins a response.
  public let assistant: Int
  /// `<think>`, which begins a thought.
  public let think: Int
  /// `</think>`, which ends it.
  public let endThink: Int
  /// The token of each ASCII character, or nil.
  private let tokens: [Int?]
  private let characterTokens: Set<Int>
  private let answerTokens: Set<Int>

  /// The texts of the special tokens, in the order of their numbers here.
  public static let specialTokens = ChatTokens.all

  /// The characters of all tasks but programs, and a full stop to fill a thought with.
  public static let characters = "0123456789+-*%=;spcr."

  /// The characters of numbers.
  public static let digits = "0123456789"

  /// 28 tokens: the smallest alphabet in which the tasks can be written.
  public static let standard = TaskAlphabet(characters: characters, answers: digits)

  /// Finds the tokens in a tokenizer, or names the one that it lacks.
  /// - Parameters:
  ///   - characters: what questions and thoughts are written with.
  ///   - answers: those of the characters that may stand in an answer.
  public init(
    _ tokenizer: Tokenizer, characters: String = Self.characters, answers: String = Self.digits
  ) throws(TaskAlphabetError) {
    var special: [Int] = []
    for text in Self.specialTokens {
      guard let id = tokenizer.id(of: text) else { throw TaskAlphabetError(missing: text) }
      special.append(id)
    }
    for character in characters where tokenizer.id(of: String(character)) == nil {
      throw TaskAlphabetError(missing: String(character))
    }
    self.init(
      tokenizer: tokenizer, special: special, characters: characters, answers: answers)
  }

  /// A new alphabet of some ASCII characters, a token each, with the special tokens first.
  public init(characters: String, answers: String) {
    self.init(
      tokenizer: .characters(
        characters, special: Self.specialTokens,
        settings: TokenizerSettings(
          beginToken: Self.specialTokens[0], endToken: Self.specialTokens[1],
          paddingToken: Self.specialTokens[2])),
      special: Array(Self.specialTokens.indices), characters: characters, answers: answers)
  }

  /// An alphabet with further characters and further special tokens behind its own, for tasks
  /// that need more to be written.
  package init(adding characters: String, special: [String]) {
    let all = Self.specialTokens + special
    self.init(
      tokenizer: .characters(
        Self.characters + characters, special: all,
        settings: TokenizerSettings(
          beginToken: all[0], endToken: all[1], paddingToken: all[2])),
      special: Array(Self.specialTokens.indices), characters: Self.characters,
      answers: Self.digits)
  }

  private init(tokenizer: Tokenizer, special: [Int], characters: String, answers: String) {
    self.tokenizer = tokenizer
    (begin, end, padding) = (special[0], special[1], special[2])
    (user, assistant, think, endThink) = (special[3], special[4], special[5], special[6])
    let tokens = (0..<128).map { tokenizer.id(of: String(UnicodeScalar(UInt8($0)))) }
    func numbers(_ characters: String) -> Set<Int> {
      Set(characters.utf8.compactMap { tokens[Int($0)] })
    }
    self.tokens = tokens
    characterTokens = numbers(characters)
    answerTokens = numbers(answers)
  }

  /// The tokens of a text, a character each.
  public func encode(_ text: String) -> [Int] {
    text.utf8.map { byte in
      let token = byte < 128 ? tokens[Int(byte)] : nil
      insist(token != nil, "TaskAlphabet: \(text) has a character without a token")
      return token ?? padding
    }
  }

  /// Whether a token is a character of a text.
  func isCharacter(_ token: Int) -> Bool { characterTokens.contains(token) }

  /// Whether a token may stand in an answer.
  func isAnswer(_ token: Int) -> Bool { answerTokens.contains(token) }

  /// A question, up to the place where the assistant begins.
  public func prompt(_ question: String) -> [Int] {
    [begin, user] + encode(question) + [assistant]
  }

  /// An answer after a thought, or without one.
  public func response(thought: String?, answer: String) -> [Int] {
    (thought.map { [think] + encode($0) + [endThink] } ?? []) + encode(answer) + [end]
  }
}

/// A tokenizer that cannot write the tasks.
public struct TaskAlphabetError: Error, Equatable, CustomStringConvertible {
  /// The text without a token.
  public let missing: String

  /// Describes a tokenizer without some token.
  public init(missing: String) { self.missing = missing }

  /// One sentence.
  public var description: String {
    "tokenizer.json: the tasks need a token \(missing) of its own, and there is none."
  }
}

extension TaskItem {
  /// The worked steps as a model writes them: without the spaces that only people need.
  public var thought: String? {
    steps.map { $0.filter { $0 != " " } }
  }
}
