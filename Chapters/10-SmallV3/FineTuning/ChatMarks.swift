import Attention
import Tensors

/// What a model answers to the questions of some dialogues, each with the right answers before it.
public struct ChatMarks: Sendable, Equatable {
  /// One answer.
  public struct Entry: Sendable, Equatable {
    /// What was asked.
    public let exchange: Exchange
    /// What was answered.
    public let answer: String
    /// Whether the model ended its answer, rather than running out of room.
    public let isEnded: Bool
    /// What it is worth.
    public let mark: Exchange.Mark
  }

  /// The answers.
  public let entries: [Entry]

  /// Lets a model answer greedily, in a context of `room` tokens.
  public init(
    of model: LanguageModel, on dialogues: [Dialogue], _ coder: ChatCoder, room: Int
  ) {
    let asked = dialogues.flatMap { dialogue in
      dialogue.exchanges.indices.map {
        (dialogue.exchanges[$0], dialogue.conversation(asking: $0))
      }
    }
    entries = Threads.map(asked.count) { index in
      let (exchange, conversation) = asked[index]
      let prompt = coder.prompt(conversation)
      let tokens = model.generate(
        [prompt], count: max(1, room - prompt.count), sampling: .greedy, seed: 0,
        stops: [coder.end])[0]
      let answer = coder.message(from: tokens).content
      let isEnded = tokens.last == coder.end
      return Entry(
        exchange: exchange, answer: answer, isEnded: isEnded,
        mark: isEnded ? exchange.mark(answer) : .malformed)
    }
  }

  /// The number of answers to one kind of question.
  public func count(_ kind: Exchange.Kind) -> Int { entries.count { $0.exchange.kind == kind } }

  /// The share of answers to one kind of question that have a mark.
  public func share(_ kind: Exchange.Kind, _ isCounted: (Exchange.Mark) -> Bool) -> Double {
    let asked = entries.filter { $0.exchange.kind == kind }
    return Double(asked.count { isCounted($0.mark) }) / Double(max(asked.count, 1))
  }

  /// The share with the form of an answer.
  public func wellFormed(_ kind: Exchange.Kind) -> Double { share(kind) { $0 != .malformed } }

  /// The share that is right.
  public func accuracy(_ kind: Exchange.Kind) -> Double { share(kind) { $0 == .right } }

  /// What the answers to one kind of question are worth.
  public struct Row: Sendable, Equatable, Codable {
    /// Their number.
    public let asked: Int
    /// The share with the form of an answer.
    public let wellFormed: Double
    /// The share that is right.
    public let right: Double
  }

  /// A row for every kind that was asked, by its name.
  public var rows: [String: Row] {
    let kinds = Exchange.Kind.allCases.filter { count($0) > 0 }
    return Dictionary(
      uniqueKeysWithValues: kinds.map {
        ($0.rawValue, Row(asked: count($0), wellFormed: wellFormed($0), right: accuracy($0)))
      })
  }
}
