import Checkpoints
import SmallV3

/// What a client asks for at `/v1/completions` or `/v1/chat/completions`.
public struct CompletionCall: Sendable, Equatable {
  /// What is to be continued.
  public enum Prompt: Sendable, Equatable {
    /// A text.
    case text(String)
    /// Tokens.
    case tokens([Int])
    /// A conversation, whose next message is wanted.
    case conversation(Conversation)
  }

  /// What is to be continued.
  public var prompt: Prompt
  /// The model, if one is named.
  public var model: String?
  /// The most tokens to add.
  public var maximumTokens: Int?
  /// What the logits are divided by.
  public var temperature: Double?
  /// The share of probability to draw from.
  public var topP: Double?
  /// The number of likeliest tokens to draw from.
  public var topK: Int?
  /// The seed of the draws.
  public var seed: UInt64?
  /// Texts that end the answer and are not part of it.
  public var stops: [String] = []
  /// Whether the answer comes in pieces.
  public var streams = false
  /// Whether a last piece counts the tokens.
  public var includesUsage = false

  /// Reads the body of a call.
  public init(_ body: [UInt8], isChat: Bool) throws(APIError) {
    let value: JSONValue
    do { value = try JSONValue(parsing: body) } catch {
      throw APIError(400, "The body is not valid JSON at \(error).")
    }
    guard let object = value.object else {
      throw APIError(400, "The body must be a JSON object.")
    }
    let fields = CallFields(object)
    prompt =
      isChat
      ? .conversation(try Self.conversation(fields["messages"]))
      : try Self.prompt(fields["prompt"])
    model = try fields.string("model")
    let limit = try fields.integer("max_completion_tokens", 1...Int.max)
    let oldLimit = try fields.integer("max_tokens", 1...Int.max)
    maximumTokens = limit ?? oldLimit
    temperature = try fields.number("temperature", "from 0 to 100") { (0...100).contains($0) }
    topP = try fields.number("top_p", "above 0 and at most 1") { $0 > 0 && $0 <= 1 }
    topK = try fields.integer("top_k", 1...Int.max)
    seed = try fields.integer("seed", Int.min...Int.max).map { UInt64(bitPattern: Int64($0)) }
    stops = try Self.stops(fields["stop"])
    streams = try fields.bool("stream") ?? false
    if let options = fields["stream_options"]?.object {
      includesUsage = try CallFields(options).bool("include_usage") ?? false
    }
    try Self.refuseWhatIsNotBuilt(fields)
  }

  private static func refuseWhatIsNotBuilt(_ fields: CallFields) throws(APIError) {
    for key in ["n", "best_of"] {
      let count = try fields.integer(key, 1...Int.max)
      guard count ?? 1 == 1 else {
        throw APIError(400, "\(key) must be 1: one answer is given at a time.", parameter: key)
      }
    }
    for key in ["tools", "functions", "response_format", "suffix", "logit_bias"]
    where fields[key] != nil {
      if key == "response_format", fields[key]?.object?["type"]?.string == "text" { continue }
      throw APIError(400, "\(key) is not supported.", parameter: key)
    }
    for key in ["logprobs", "echo"] {
      guard let value = fields[key], value != false, value != 0 else { continue }
      throw APIError(400, "\(key) is not supported.", parameter: key)
    }
  }

  private static func prompt(_ value: JSONValue?) throws(APIError) -> Prompt {
    if let text = value?.string { return .text(text) }
    if let list = value?.array {
      let tokens = list.compactMap(\.integer)
      if !list.isEmpty, tokens.count == list.count { return .tokens(tokens) }
      if list.count == 1, let text = list[0].string { return .text(text) }
    }
    throw APIError(
      400, "prompt must be one text, or a list of tokens.", parameter: "prompt")
  }

  private static func conversation(_ value: JSONValue?) throws(APIError) -> Conversation {
    guard let list = value?.array, !list.isEmpty else {
      throw APIError(
        400, "messages must be a list with at least one message.", parameter: "messages")
    }
    var conversation = Conversation()
    for (index, value) in list.enumerated() {
      let place = "messages[\(index)]"
      guard let message = value.object else {
        throw APIError(400, "\(place) must be an object.", parameter: "messages")
      }
      let name = message["role"]?.string ?? ""
      guard let role = name == "developer" ? .system : Message.Role(rawValue: name) else {
        let names = Message.Role.allCases.map(\.rawValue).joined(separator: ", ")
        throw APIError(400, "\(place).role must be one of \(names).", parameter: "messages")
      }
      guard let content = text(message["content"]) else {
        throw APIError(400, "\(place).content must be a text.", parameter: "messages")
      }
      conversation.messages.append(Message(role, content))
    }
    guard conversation.messages.last?.role == .user else {
      throw APIError(400, "The last message must be the user's.", parameter: "messages")
    }
    return conversation
  }

  /// The content of a message: a text, or a list of parts that are texts.
  private static func text(_ content: JSONValue?) -> String? {
    if let text = content?.string { return text }
    guard let parts = content?.array else { return nil }
    let texts = parts.compactMap { part in
      part.object?["type"]?.string == "text" ? part.object?["text"]?.string : nil
    }
    return texts.count == parts.count ? texts.joined() : nil
  }

  private static func stops(_ value: JSONValue?) throws(APIError) -> [String] {
    guard let value else { return [] }
    let list = value.string.map { [$0] } ?? value.array?.compactMap(\.string) ?? []
    guard (1...4).contains(list.count), value.array.map({ $0.count == list.count }) ?? true,
      list.allSatisfy({ !$0.isEmpty })
    else {
      throw APIError(400, "stop must be a text, or one to four of them.", parameter: "stop")
    }
    return list
  }
}

/// The members of a call, read with errors that name them; one that is null counts as absent.
private struct CallFields {
  private let object: JSONObject

  init(_ object: JSONObject) { self.object = object }

  subscript(key: String) -> JSONValue? { object[key].flatMap { $0 == .null ? nil : $0 } }

  func string(_ key: String) throws(APIError) -> String? {
    try read(key, "a text", \.string)
  }

  func bool(_ key: String) throws(APIError) -> Bool? {
    try read(key, "true or false", \.bool)
  }

  func integer(_ key: String, _ range: ClosedRange<Int>) throws(APIError) -> Int? {
    let least = range.lowerBound == .min ? "" : " from \(range.lowerBound) on"
    guard let number = try read(key, "a whole number\(least)", \.integer) else { return nil }
    guard range.contains(number) else { throw error(key, "a whole number\(least)") }
    return number
  }

  func number(
    _ key: String, _ rule: String, _ holds: (Double) -> Bool
  ) throws(APIError) -> Double? {
    guard let number = try read(key, "a number \(rule)", \.number) else { return nil }
    guard holds(number) else { throw error(key, "a number \(rule)") }
    return number
  }

  private func read<Value>(
    _ key: String, _ kind: String, _ take: (JSONValue) -> Value?
  ) throws(APIError) -> Value? {
    guard let value = self[key] else { return nil }
    guard let result = take(value) else { throw error(key, kind) }
    return result
  }

  private func error(_ key: String, _ kind: String) -> APIError {
    APIError(400, "\(key) must be \(kind).", parameter: key)
  }
}
