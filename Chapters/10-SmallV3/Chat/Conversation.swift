/// What one side says at once.
public struct Message: Sendable, Equatable {
  /// Who says it.
  public enum Role: String, Sendable, CaseIterable {
    /// Whoever sets the assistant up.
    case system
    /// The person.
    case user
    /// The model.
    case assistant
  }

  /// Who says it.
  public var role: Role
  /// The text.
  public var content: String
  /// What the assistant thinks before it says it.
  public var thought: String?

  /// Creates a message.
  public init(_ role: Role, _ content: String, thought: String? = nil) {
    self.role = role
    self.content = content
    self.thought = thought
  }
}

/// Messages in the order in which they were said.
public struct Conversation: Sendable, Equatable {
  /// The messages.
  public var messages: [Message]

  /// Creates a conversation.
  public init(_ messages: [Message] = []) { self.messages = messages }

  /// Creates one of a question, or of several with their answers between them.
  public init(system: String? = nil, turns: String...) {
    messages = system.map { [Message(.system, $0)] } ?? []
    for (place, text) in turns.enumerated() {
      messages.append(Message(place % 2 == 0 ? .user : .assistant, text))
    }
  }

  /// The system texts, an empty line between two.
  var instruction: String {
    messages.filter { $0.role == .system }.map(\.content).joined(separator: "\n\n")
  }

  /// The messages of the two sides.
  var turns: [Message] { messages.filter { $0.role != .system } }

  /// The same without the oldest question and all that was said before the next one.
  ///
  /// Nil when there is no later question: the last one stays.
  public var withoutOldestTurn: Conversation? {
    let questions = messages.indices.filter { messages[$0].role == .user }
    guard questions.count > 1 else { return nil }
    let kept = messages.indices.filter {
      messages[$0].role == .system || $0 >= questions[1]
    }
    return Conversation(kept.map { messages[$0] })
  }
}
