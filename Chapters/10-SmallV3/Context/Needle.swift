import Tensors
import Text

/// A fact that is hidden in a long text and asked for at its end.
public struct Needle: Sendable, Equatable {
  /// Whose number it is.
  public let name: String
  /// The number, of one digit.
  public let number: Int

  /// What is hidden.
  public var sentence: String { "Note \(name)\(number)." }
  /// What is asked.
  public var question: String { "Note \(name)" }
  /// What is to be answered.
  public var answer: String { "\(number)" }

  /// The names: letters, each of them one token.
  static let names = "ABCDEFGHIJKLMNOPQRSTUVWXYZ".map { String($0) }

  /// Draws facts about different names.
  public static func drawn(
    _ count: Int, using generator: inout some RandomNumberGenerator
  ) -> [Needle] {
    insist(
      count <= names.count, "Needle: there are \(names.count) names, not \(count)")
    var names = names
    return (0..<count).map { _ in
      let name = names.remove(at: Draw.below(names.count, using: &generator))
      return Needle(name: name, number: Draw.below(10, using: &generator))
    }
  }
}

/// Sentences of the corpus between which needles are hidden, as long as is wanted.
public struct Haystack: Sendable, Equatable {
  /// The text and the questions behind it, up to the answer of the last.
  public let prompt: [Int]
  /// The answers of all questions.
  public let answers: [Answer]

  /// An answer, and the place of its first token.
  public struct Answer: Sendable, Equatable {
    /// The place in the text, from 0.
    public let place: Int
    /// The tokens.
    public let tokens: [Int]
  }

  /// Hides needles in a text of at most so many tokens, and asks for them at its end.
  ///
  /// The first needle stands at a depth from 0, the beginning, to 1, just before the questions;
  /// the others stand anywhere. The questions come in an order of their own.
  /// - Parameters:
  ///   - needles: at least one.
  ///   - depth: where the first stands; anywhere if nil.
  ///   - asked: how many are asked for, the first of them last.
  public init(
    _ needles: [Needle], length: Int, depth: Double? = nil, asking asked: Int = 1,
    tokenizer: Tokenizer, using generator: inout some RandomNumberGenerator
  ) {
    let ending = Self.questions(asked, about: needles, using: &generator).map { needle in
      (tokenizer.encode("\n" + needle.question), tokenizer.encode(needle.answer))
    }
    let hidden = needles.map { tokenizer.encode($0.sentence + " ") }
    let room =
      length - ending.reduce(0) { $0 + $1.0.count + $1.1.count }
      - hidden.reduce(0) { $0 + $1.count }
    insist(room >= 0, "Haystack: \(length) tokens do not hold \(needles.count) needles")
    var sentences = Self.sentences(filling: room, tokenizer, using: &generator)
    for needle in hidden.dropFirst() {
      sentences.insert(needle, at: Draw.below(sentences.count + 1, using: &generator))
    }
    let depth = depth ?? generator.uniform()
    let place = Int((depth * Double(sentences.count)).rounded())
    sentences.insert(hidden[0], at: place)

    var tokens = Array(sentences.joined())
    var answers: [Answer] = []
    for (question, answer) in ending {
      tokens += question
      answers.append(Answer(place: tokens.count, tokens: answer))
      tokens += answer
    }
    prompt = Array(tokens.dropLast(answers[answers.count - 1].tokens.count))
    self.answers = answers
  }

  /// Who is asked for, made from the end: the first needle is the last.
  private static func questions(
    _ count: Int, about needles: [Needle], using generator: inout some RandomNumberGenerator
  ) -> [Needle] {
    var order = [needles[0]]
    var left = Array(needles.dropFirst())
    while order.count < count {
      order.append(left.remove(at: Draw.below(left.count, using: &generator)))
    }
    return order.reversed()
  }

  /// A text with one question at its end.
  package init(prompt: [Int], answer: [Int]) {
    self.prompt = prompt
    answers = [Answer(place: prompt.count, tokens: answer)]
  }

  /// The text with the answers to all questions.
  public var tokens: [Int] { prompt + answers[answers.count - 1].tokens }

  /// Whole sentences of stories until the next would not fit.
  private static func sentences(
    filling room: Int, _ tokenizer: Tokenizer, using generator: inout some RandomNumberGenerator
  ) -> [[Int]] {
    var sentences: [[Int]] = []
    var left = room
    while true {
      let story = ToldStory.drawn(using: &generator).text
      for sentence in story.split(separator: ". ") {
        let tokens = tokenizer.encode(sentence + (sentence.hasSuffix(".") ? " " : ". "))
        if tokens.count > left { return sentences }
        sentences.append(tokens)
        left -= tokens.count
      }
    }
  }
}
