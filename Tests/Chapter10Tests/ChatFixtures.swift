import Foundation
import SmallV3
import TestSupport
import Text

/// What `transformers` makes of some conversations; see `Tests/Reference/make_chat.py`.
struct ChatFixture: Decodable {
  struct Line: Decodable {
    let role, content: String
  }

  struct Case: Decodable {
    let messages: [Line]
    let prompting: Bool
    let text: String
    let ids: [Int]

    var conversation: Conversation {
      Conversation(
        messages.map { Message(Message.Role(rawValue: $0.role) ?? .user, $0.content) })
    }
  }

  struct Rendering: Decodable {
    let template: String
    let cases: [Case]
  }

  let renderings: [String: Rendering]

  static func read() throws -> ChatFixture {
    let file = Repository.references.appending(path: "chat.json")
    return try JSONDecoder().decode(ChatFixture.self, from: Data(contentsOf: file))
  }

  /// A tokenizer with merges, so that a border between two texts can be wrong.
  static func tokenizer(_ template: ChatTemplate) throws -> Tokenizer {
    let text = """
      User: Where does the small fox live? Assistant: The small fox lives in the old oak.
      User: What is 12 + 30? Assistant: 42 and no more, so the assistant says to the user.

      The user asks, the assistant answers, the user asks again: where, what, who and when?
      """
    return try Tokenizer.trained(
      on: [text], vocabularySize: 380, specialTokens: ChatTokens.all, preTokenizer: .qwen2
    ).speaking(template)
  }

  static func coder(_ template: ChatTemplate) throws -> ChatCoder {
    try ChatCoder(template, tokenizer(template))
  }
}
