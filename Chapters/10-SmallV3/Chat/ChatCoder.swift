import Text

/// Writes conversations as tokens, and reads the tokens of an answer.
///
/// Special tokens are given by number. Whatever a person typed is encoded as letters, so a typed
/// `<｜User｜>` begins no turn.
public struct ChatCoder: Sendable {
  /// The form.
  public let template: ChatTemplate
  /// Writes the letters.
  public let tokenizer: Tokenizer
  private let tokens: [String: Int]

  /// Joins a form and a tokenizer, or names the token that the tokenizer lacks.
  ///
  /// Only the tags of a thought may be missing; they are letters then.
  public init(_ template: ChatTemplate, _ tokenizer: Tokenizer) throws(ChatTemplateError) {
    self.template = template
    self.tokenizer = tokenizer
    let added = Dictionary(
      uniqueKeysWithValues: ChatTokens.all.compactMap { text in
        tokenizer.addedID(of: text).map { (text, $0) }
      })
    let needed =
      [ChatTokens.begin, ChatTokens.end]
      + (template == .coderV2 ? [] : [ChatTokens.user, ChatTokens.assistant])
    for text in needed where added[text] == nil { throw ChatTemplateError(missing: text) }
    tokens = added
  }

  /// Finds the form in the settings of a tokenizer; nil when it has none that is known here.
  public init?(_ tokenizer: Tokenizer) {
    guard let jinja = tokenizer.settings.chatTemplate,
      let template = ChatTemplate(jinja: jinja),
      let coder = try? ChatCoder(template, tokenizer)
    else { return nil }
    self = coder
  }

  /// The token that ends an answer.
  public var end: Int { tokens[ChatTokens.end] ?? 0 }
  /// The token that fills up rows: that of its own, or else the end.
  public var padding: Int { tokens[ChatTokens.padding] ?? end }
  /// The token that begins a thought, if there is one.
  public var think: Int? { tokens[ChatTokens.think] }
  /// The token that ends a thought, if there is one.
  public var endThink: Int? { tokens[ChatTokens.endThink] }

  /// The tokens up to the place where the assistant begins.
  public func prompt(_ conversation: Conversation) -> [Int] {
    ids(template.pieces(of: conversation, prompting: true))
  }

  /// The tokens of a conversation as it was said.
  public func transcript(_ conversation: Conversation) -> [Int] {
    ids(template.pieces(of: conversation, prompting: false))
  }

  /// The tokens of an answer, its thought and its end.
  public func answer(_ message: Message) -> [Int] { ids(template.answer(message)) }

  /// The tokens of some parts.
  public func ids(_ pieces: [ChatTemplate.Piece]) -> [Int] {
    let known = pieces.map { piece -> ChatTemplate.Piece in
      guard case .token(let text) = piece, tokens[text] == nil else { return piece }
      return .text(text)
    }
    return ChatTemplate.joined(known).flatMap { piece in
      switch piece {
      case .token(let text): tokens[text].map { [$0] } ?? []
      case .text(let letters): tokenizer.encodePlain(letters)
      }
    }
  }

  /// What an answer says, without its thought and its end.
  public func message(from answer: [Int]) -> Message {
    var spoken = answer.prefix { $0 != end }
    var thought: String?
    if let endThink, let border = spoken.lastIndex(of: endThink) {
      let thinking = spoken[..<border].filter { $0 != think }
      thought = tokenizer.decode(Array(thinking)).trimmingNewlines
      spoken = spoken[(border + 1)...]
    }
    let text = tokenizer.decode(Array(spoken))
    switch template {
    case .deepSeekV3: return Message(.assistant, text, thought: thought)
    case .deepSeekR1: return Message(.assistant, text.trimmingNewlines, thought: thought)
    case .coderV2:
      return Message(.assistant, text.hasPrefix(" ") ? String(text.dropFirst()) : text)
    }
  }
}

/// A tokenizer that cannot write conversations.
public struct ChatTemplateError: Error, Equatable, CustomStringConvertible {
  /// The text without a token.
  public let missing: String

  /// Names the missing token.
  public init(missing: String) { self.missing = missing }

  /// One sentence.
  public var description: String {
    "tokenizer.json: a conversation needs a token \(missing) of its own, and there is none."
  }
}

extension String {
  /// The text without the line ends at both ends.
  fileprivate var trimmingNewlines: String {
    let start = drop { $0 == "\n" }
    let kept = start.reversed().drop { $0 == "\n" }
    return String(kept.reversed())
  }
}
