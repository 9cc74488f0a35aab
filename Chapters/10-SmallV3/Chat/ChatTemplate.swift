import Foundation
import Text

/// The form in which a conversation is written as one text.
///
///     <｜begin▁of▁sentence｜>{system}<｜User｜>{question}<｜Assistant｜>{answer}<｜end▁of▁sentence｜>…
///
/// Nothing stands between a role and what it says: no space, no line's end. The system text has no
/// role; it follows the begin directly.
public enum ChatTemplate: String, Sendable, CaseIterable {
  /// DeepSeek-V3's.
  case deepSeekV3 = "v3"
  /// DeepSeek-R1's: an answer begins with a thought, and the history drops it again.
  case deepSeekR1 = "r1"
  /// DeepSeek-V2's and Coder-V2's: roles are words, not tokens.
  case coderV2 = "coder-v2"

  /// A part of the text: a special token, or letters that never become one.
  public enum Piece: Sendable, Equatable {
    /// A token, by the text that stands for it.
    case token(String)
    /// Letters, whatever they look like.
    case text(String)
  }

  /// The parts of a conversation, so far as it has gone, up to where the assistant begins.
  ///
  /// Without `prompting` it ends as it was said: with the end token of the last answer.
  public func pieces(of conversation: Conversation, prompting: Bool) -> [Piece] {
    var pieces: [Piece] = [.token(ChatTokens.begin)]
    if self == .coderV2 {
      pieces += conversation.messages.flatMap(spelled)
    } else {
      pieces.append(.text(conversation.instruction))
      pieces += conversation.turns.flatMap { message in
        message.role == .user
          ? [.token(ChatTokens.user), .text(message.content)]
          : [.token(ChatTokens.assistant)] + history(message)
      }
    }
    return Self.joined(pieces + (prompting ? opening : []))
  }

  /// What the model's answer is written after.
  public var opening: [Piece] {
    switch self {
    case .deepSeekV3: [.token(ChatTokens.assistant)]
    case .deepSeekR1: [.token(ChatTokens.assistant), .token(ChatTokens.think), .text("\n")]
    case .coderV2: [.text("Assistant:")]  // without the space, which belongs to the first word
    }
  }

  /// What is to be learnt after `opening`: the answer with its thought and its end.
  public func answer(_ message: Message) -> [Piece] {
    let thought: [Piece]
    switch self {
    case .deepSeekV3: thought = []
    case .deepSeekR1:
      thought = [
        .text((message.thought ?? "") + "\n"), .token(ChatTokens.endThink), .text("\n\n"),
      ]
    case .coderV2: thought = [.text(" ")]
    }
    return Self.joined(thought + [.text(message.content), .token(ChatTokens.end)])
  }

  /// An answer as the later turns see it.
  private func history(_ message: Message) -> [Piece] {
    guard self == .deepSeekR1 else {
      return [.text(message.content), .token(ChatTokens.end)]
    }
    let parts = message.content.components(separatedBy: ChatTokens.endThink)
    return [.text(parts[parts.count - 1]), .token(ChatTokens.end)]
  }

  /// A message of Coder-V2, whose roles are words.
  private func spelled(_ message: Message) -> [Piece] {
    switch message.role {
    case .system: [.text(message.content + "\n\n")]
    case .user: [.text("User: \(message.content)\n\n")]
    case .assistant: [.text("Assistant: " + message.content), .token(ChatTokens.end)]
    }
  }

  /// Neighbouring letters as one text: a tokenizer may merge across their border.
  static func joined(_ pieces: [Piece]) -> [Piece] {
    pieces.reduce(into: []) { result, piece in
      guard case .text(let letters) = piece else { return result.append(piece) }
      if letters.isEmpty { return }
      if case .text(let before)? = result.last {
        result[result.count - 1] = .text(before + letters)
      } else {
        result.append(piece)
      }
    }
  }

  /// The conversation as a person reads it.
  public func text(of conversation: Conversation, prompting: Bool) -> String {
    pieces(of: conversation, prompting: prompting).map { piece in
      switch piece {
      case .token(let text), .text(let text): text
      }
    }.joined()
  }
}
