import Checkpoints
import Foundation

extension Conversation {
  /// Reads conversations from a file of JSON lines, each as most programs write them:
  /// `{"messages": [{"role": "user", "content": "…"}, {"role": "assistant", "content": "…"}]}`.
  ///
  /// An assistant's message may have its thought under `reasoning_content`.
  public static func read(from file: URL) throws(ConversationError) -> [Conversation] {
    guard let data = try? Data(contentsOf: file) else {
      throw ConversationError(file.relativePath, line: nil, "the file cannot be read")
    }
    var conversations: [Conversation] = []
    let lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      let bytes = Array(line)
      if bytes.allSatisfy({ $0 == 32 || $0 == 13 || $0 == 9 }) { continue }
      do throws(ConversationProblem) {
        conversations.append(try Conversation(json: bytes))
      } catch {
        throw ConversationError(file.relativePath, line: index + 1, error.rule)
      }
    }
    guard !conversations.isEmpty else {
      throw ConversationError(file.relativePath, line: nil, "there is no conversation in it")
    }
    return conversations
  }

  private init(json: [UInt8]) throws(ConversationProblem) {
    let value: JSONValue
    do { value = try JSONValue(parsing: json) } catch {
      throw ConversationProblem(rule: "column \(error.column): \(error.rule)")
    }
    guard let list = value.object?["messages"]?.array else {
      throw ConversationProblem(rule: "an object with a list \"messages\" is needed")
    }
    var messages: [Message] = []
    for member in list {
      guard let role = member.object?["role"]?.string.flatMap(Message.Role.init(rawValue:))
      else {
        let names = Message.Role.allCases.map(\.rawValue).joined(separator: ", ")
        throw ConversationProblem(rule: "the role of a message must be one of \(names)")
      }
      guard let content = member.object?["content"]?.string else {
        throw ConversationProblem(rule: "the content of a message must be a text")
      }
      let thought = member.object?["reasoning_content"]?.string
      messages.append(Message(role, content, thought: thought))
    }
    guard messages.contains(where: { $0.role == .assistant }) else {
      throw ConversationProblem(rule: "without an assistant's message nothing is taught")
    }
    self.init(messages)
  }
}

/// A rule that a line breaks.
private struct ConversationProblem: Error {
  let rule: String
}

/// What is wrong with a file of conversations, in one sentence.
public struct ConversationError: Error, Equatable, CustomStringConvertible {
  /// One sentence that names the file, the line and the rule.
  public let description: String

  init(_ file: String, line: Int?, _ problem: String) {
    description = "\(file)\(line.map { ", line \($0)" } ?? ""): \(problem)."
  }
}
