import Foundation
import Tensors
import Text

/// A question, the answer that is taught, and the rule by which an answer is judged.
public struct Exchange: Sendable, Equatable {
  /// What is asked.
  public enum Kind: String, Sendable, CaseIterable {
    /// A word of welcome or of thanks.
    case greeting
    /// A sum, to be answered with the number alone.
    case sum
    /// A sum with its steps.
    case worked
    /// A story about somebody named.
    case story
    /// Something that the story before has told.
    case recall
  }

  /// The kind.
  public let kind: Kind
  /// What the user says.
  public let question: String
  /// What the assistant is taught to say.
  public let answer: String
  /// What must be in the answer of a story; the number of a sum; else the whole answer.
  let key: String

  /// What an answer is worth.
  public enum Mark: String, Sendable, CaseIterable {
    /// It has not the form of an answer to this kind of question.
    case malformed
    /// It has the form, and is wrong.
    case wrong
    /// It is right.
    case right
  }

  /// Judges an answer exactly.
  ///
  /// A story has the right form when it is one line that ends a sentence, and it is right when
  /// it is about the hero who was asked for: the grammar has too many stories for one right one.
  public func mark(_ given: String) -> Mark {
    switch kind {
    case .greeting, .recall:
      let isSentence = given.hasSuffix(".") || given.hasSuffix("?") || given.hasSuffix("!")
      return given == answer ? .right : isSentence ? .wrong : .malformed
    case .sum: return Self.mark(given, number: key)
    case .worked:
      let parts = given.components(separatedBy: Self.border)
      guard parts.count == 2, parts[0].contains("=") else { return .malformed }
      return Self.mark(parts[1], number: key)
    case .story:
      let isLine = !given.contains("\n") && given.hasSuffix(".") && given.utf8.count > 80
      return !isLine ? .malformed : given.contains(key) ? .right : .wrong
    }
  }

  private static func mark(_ given: String, number: String) -> Mark {
    let isNumber = !given.isEmpty && given.utf8.allSatisfy { (48...57).contains($0) }
    return !isNumber ? .malformed : given == number ? .right : .wrong
  }

  /// What stands between the steps of a sum and its answer, as in the corpus.
  static let border = " A: "
}

extension Exchange {
  /// A greeting; each has one answer.
  static let greetings = [
    ("Hello!", "Hello! What can I do for you?"),
    ("Good morning.", "Good morning! What can I do for you?"),
    ("Who are you?", "I am a small model. I tell stories and add numbers."),
    ("What can you do?", "I tell stories and add numbers."),
    ("Thank you!", "You are welcome."),
    ("Goodbye.", "Goodbye!"),
  ].map { Exchange(kind: .greeting, question: $0, answer: $1, key: $1) }

  /// A sum, with or without its steps.
  static func sum(_ item: TaskItem, worked: Bool) -> Exchange {
    let steps = worked ? item.steps.map { $0 + border } ?? "" : ""
    return Exchange(
      kind: worked ? .worked : .sum,
      question: worked ? "What is \(item.prompt)? Show the steps." : "What is \(item.prompt)?",
      answer: steps + item.answer, key: item.answer)
  }

  /// A story about its hero.
  static func story(_ story: ToldStory) -> Exchange {
    Exchange(
      kind: .story, question: "Tell me a story about \(story.hero).", answer: story.text,
      key: story.hero)
  }

  /// The two questions on a story.
  static func questions(on story: ToldStory) -> [Exchange] {
    let animal = "The \(story.manner) \(story.friend)."
    let place = story.home.prefix(1).uppercased() + story.home.dropFirst() + "."
    return [
      Exchange(
        kind: .recall, question: "Which animal did \(story.hero) meet?", answer: animal,
        key: animal),
      Exchange(
        kind: .recall, question: "Where did \(story.hero) live?", answer: place, key: place),
    ]
  }
}
