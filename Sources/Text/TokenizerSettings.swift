import Checkpoints

/// What `tokenizer_config.json` adds to the tokenizer: which tokens frame a text, and the chat form.
public struct TokenizerSettings: Sendable, Equatable {
  /// The token that begins a text (BOS).
  public var beginToken: String?

  /// The token that ends a text (EOS).
  public var endToken: String?

  /// The token that fills up short rows of a batch.
  public var paddingToken: String?

  /// Whether the begin token is put before an encoded text.
  public var addsBegin: Bool

  /// Whether the end token is put after an encoded text.
  public var addsEnd: Bool

  /// The template, in the language Jinja, that writes a conversation as one text; kept, not run.
  public var chatTemplate: String?

  /// Describes the settings; none by default.
  public init(
    beginToken: String? = nil, endToken: String? = nil, paddingToken: String? = nil,
    addsBegin: Bool = false, addsEnd: Bool = false, chatTemplate: String? = nil
  ) {
    self.beginToken = beginToken
    self.endToken = endToken
    self.paddingToken = paddingToken
    self.addsBegin = addsBegin
    self.addsEnd = addsEnd
    self.chatTemplate = chatTemplate
  }
}

extension TokenizerSettings {
  /// Reads the keys that a file has; what it leaves out stays as it is.
  mutating func read(_ json: JSONPlace) throws(TokenizerError) {
    beginToken = try Self.token("bos_token", in: json) ?? beginToken
    endToken = try Self.token("eos_token", in: json) ?? endToken
    paddingToken = try Self.token("pad_token", in: json) ?? paddingToken
    addsBegin = try json.member("add_bos_token")?.boolean() ?? addsBegin
    addsEnd = try json.member("add_eos_token")?.boolean() ?? addsEnd
    if let template = try json.member("chat_template")?.value.string {
      chatTemplate = template  // some list several templates by name; those are passed over
    }
  }

  /// A token is given by its text or as an object that has the text under `content`.
  private static func token(
    _ key: String, in json: JSONPlace
  ) throws(TokenizerError) -> String? {
    guard let member = try json.member(key) else { return nil }
    if member.value.object != nil { return try member.required("content").string() }
    return try member.string()
  }

  /// The file's text.
  var json: JSONValue {
    var members = JSONObject()
    members["add_bos_token"] = .bool(addsBegin)
    members["add_eos_token"] = .bool(addsEnd)
    let tokens = [
      ("bos_token", beginToken), ("eos_token", endToken), ("pad_token", paddingToken),
      ("chat_template", chatTemplate),
    ]
    for (key, token) in tokens {
      if let token { members[key] = .string(token) }
    }
    members["clean_up_tokenization_spaces"] = false
    members["tokenizer_class"] = "PreTrainedTokenizerFast"
    return .object(members)
  }
}
