import Foundation

/// How text is drawn from a model: what `generation_config.json` says.
///
/// A field that is `nil` is left out of the file, and `transformers` does what follows "else".
public struct GenerationConfiguration: Equatable, Sendable {
  /// Whether tokens are drawn by chance, else greedily: `do_sample`.
  public var samples: Bool?
  /// What logits are divided by, else 1: `temperature`.
  public var temperature: Double?
  /// The share of probability that is kept, else all: `top_p`.
  public var topP: Double?
  /// The number of likeliest tokens that are kept, else 50; 0 keeps all: `top_k`.
  public var topK: Int?
  /// The most tokens to add to the prompt: `max_new_tokens`.
  public var maximumNewTokens: Int?
  /// The token that starts a text: `bos_token_id`.
  public var beginToken: Int?
  /// The tokens that end a text: `eos_token_id`, one or several.
  public var endTokens: [Int]
  /// The token that fills up a batch: `pad_token_id`.
  public var padToken: Int?

  /// Creates a configuration; what is left out stays out of the file.
  public init(
    samples: Bool? = nil, temperature: Double? = nil, topP: Double? = nil, topK: Int? = nil,
    maximumNewTokens: Int? = nil, beginToken: Int? = nil, endTokens: [Int] = [],
    padToken: Int? = nil
  ) {
    self.samples = samples
    self.temperature = temperature
    self.topP = topP
    self.topK = topK
    self.maximumNewTokens = maximumNewTokens
    self.beginToken = beginToken
    self.endTokens = endTokens
    self.padToken = padToken
  }

  /// Reads `generation_config.json`; keys that are not ours are ignored.
  public static func read(from url: URL) throws(CheckpointError) -> GenerationConfiguration {
    let fields = try JSONFields(readingFrom: url)
    func integer(_ key: String, atLeast least: Int) throws(CheckpointError) -> Int? {
      fields[key] == nil ? nil : try fields.integer(key, in: least...Int.max)
    }
    func number(_ key: String) throws(CheckpointError) -> Double? {
      fields[key] == nil ? nil : try fields.number(key)
    }
    let result = GenerationConfiguration(
      samples: fields["do_sample"] == nil ? nil : try fields.bool("do_sample"),
      temperature: try number("temperature"), topP: try number("top_p"),
      topK: try integer("top_k", atLeast: 0),
      maximumNewTokens: try integer("max_new_tokens", atLeast: 1),
      beginToken: try integer("bos_token_id", atLeast: 0),
      endTokens: try fields.integers("eos_token_id"),
      padToken: try integer("pad_token_id", atLeast: 0))
    try result.validate(file: fields.file)
    return result
  }

  /// Writes `generation_config.json`.
  public func write(to url: URL) throws(CheckpointError) {
    try validate(file: url.lastPathComponent)
    var object = JSONObject()
    object["do_sample"] = samples.map { .bool($0) }
    object["temperature"] = temperature.map { .number($0) }
    object["top_p"] = topP.map { .number($0) }
    object["top_k"] = topK.map { .integer($0) }
    object["max_new_tokens"] = maximumNewTokens.map { .integer($0) }
    object["bos_token_id"] = beginToken.map { .integer($0) }
    object["eos_token_id"] = endTokens.isEmpty ? nil : tokensJSON(endTokens)
    object["pad_token_id"] = padToken.map { .integer($0) }
    try AtomicFile.write(.object(object), to: url)
  }

  private func validate(file: String) throws(CheckpointError) {
    if let temperature, !(temperature >= 0 && temperature.isFinite) {
      throw .key("temperature", file: file, .outOfRange("\(temperature) is not 0 or more"))
    }
    if let topP, !(topP > 0 && topP <= 1) {
      throw .key("top_p", file: file, .outOfRange("\(topP) is not above 0 and at most 1"))
    }
    for token in endTokens where token < 0 {
      throw .key("eos_token_id", file: file, .outOfRange("\(token) is negative"))
    }
  }
}

/// A token as the files write it: its number, or `null`.
func tokenJSON(_ token: Int?) -> JSONValue { token.map { .integer($0) } ?? .null }

/// Tokens as the files write them: `null`, one number, or a list.
func tokensJSON(_ tokens: [Int]) -> JSONValue {
  tokens.count > 1 ? .array(tokens.map { .integer($0) }) : tokenJSON(tokens.first)
}
