import Checkpoints
import Foundation

/// What is told about an answer in every form: as a whole or in pieces, of a chat or of a text.
struct AnswerForm: Sendable {
  let id: String
  let model: String
  let created: Int
  let isChat: Bool

  /// The answer as a whole; R1's thought stands beside the content, as in DeepSeek's own service.
  func whole(_ answer: Answer) -> JSONValue {
    var choice: [(key: String, value: JSONValue)] = [("index", 0)]
    if isChat {
      var message: [(key: String, value: JSONValue)] = [
        ("role", "assistant"), ("content", .string(answer.text)),
      ]
      if !answer.thought.isEmpty {
        message.append(("reasoning_content", .string(answer.thought)))
      }
      choice.append(("message", .object(JSONObject(message))))
    } else {
      choice.append(("text", .string(answer.text)))
    }
    choice += [("logprobs", .null), ("finish_reason", .string(answer.reason))]
    return body(
      isChat ? "chat.completion" : "text_completion", [.object(JSONObject(choice))],
      usage: answer.usage)
  }

  /// One piece of an answer; the last one has a reason, and no text.
  func piece(_ piece: AnswerPiece?, reason: String? = nil, isFirst: Bool = false) -> JSONValue {
    var choice: [(key: String, value: JSONValue)] = [("index", 0)]
    if isChat {
      var delta: [(key: String, value: JSONValue)] = isFirst ? [("role", "assistant")] : []
      switch piece {
      case .text(let text): delta.append(("content", .string(text)))
      case .thought(let text): delta.append(("reasoning_content", .string(text)))
      case nil: break
      }
      choice.append(("delta", .object(JSONObject(delta))))
    } else {
      let text: String
      switch piece {
      case .text(let words), .thought(let words): text = words
      case nil: text = ""
      }
      choice.append(("text", .string(text)))
    }
    choice += [
      ("logprobs", .null), ("finish_reason", reason.map { .string($0) } ?? .null),
    ]
    return body(pieceName, [.object(JSONObject(choice))], usage: nil)
  }

  /// The last piece of all, if the client asked for it: the count of the tokens.
  func usage(_ usage: Usage) -> JSONValue { body(pieceName, [], usage: usage) }

  private var pieceName: String { isChat ? "chat.completion.chunk" : "text_completion" }

  private func body(_ object: String, _ choices: [JSONValue], usage: Usage?) -> JSONValue {
    var members: [(key: String, value: JSONValue)] = [
      ("id", .string(id)), ("object", .string(object)), ("created", .integer(created)),
      ("model", .string(model)), ("choices", .array(choices)),
    ]
    if let usage { members.append(("usage", usage.json)) }
    return .object(JSONObject(members))
  }
}

/// An answer that has ended.
struct Answer: Sendable {
  var thought = ""
  var text = ""
  var reason = ""
  var usage = Usage()

  mutating func add(_ piece: AnswerPiece) {
    switch piece {
    case .thought(let words): thought += words
    case .text(let words): text += words
    }
  }
}

/// The tokens of a call.
struct Usage: Sendable, Equatable {
  /// The tokens of the prompt, and those that were known from an earlier call.
  var prompt = 0, cached = 0
  /// The tokens that were written, and those of the thought among them.
  var written = 0, thought = 0

  /// With OpenAI's names and, for the cache, DeepSeek's.
  var json: JSONValue {
    [
      "prompt_tokens": .integer(prompt), "completion_tokens": .integer(written),
      "total_tokens": .integer(prompt + written),
      "prompt_tokens_details": ["cached_tokens": .integer(cached)],
      "completion_tokens_details": ["reasoning_tokens": .integer(thought)],
      "prompt_cache_hit_tokens": .integer(cached),
      "prompt_cache_miss_tokens": .integer(prompt - cached),
    ]
  }
}
