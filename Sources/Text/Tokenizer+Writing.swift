import Foundation

extension Tokenizer {
  /// Writes `tokenizer.json` and `tokenizer_config.json` into a directory that exists.
  ///
  /// - Throws: `TokenizerError` if a file cannot be written.
  public func write(to directory: URL) throws(TokenizerError) {
    let files = [("tokenizer.json", json), ("tokenizer_config.json", configJSON)]
    for (name, text) in files {
      let file = directory.appending(path: name)
      do {
        try Data(text.utf8).write(to: file, options: .atomic)
      } catch {
        let reason = error.localizedDescription
        throw TokenizerError(file.path, "the file cannot be written: \(reason)")
      }
    }
  }

  /// The contents of `tokenizer.json`: always the same for the same tokenizer.
  public var json: String {
    let root: [(String, JSONValue)] = [
      ("version", .string("1.0")),
      ("truncation", .null),
      ("padding", .null),
      ("added_tokens", .array(parts.added.map(Self.entry))),
      ("normalizer", parts.normalizer == .none ? .null : .object([("type", .string("NFC"))])),
      ("pre_tokenizer", preTokenizerSection),
      ("post_processor", postProcessorSection),
      ("decoder", Self.byteLevel(addsPrefixSpace: false, usesRegex: false)),
      ("model", modelSection),
    ]
    return JSONValue.object(root).text + "\n"
  }

  /// The contents of `tokenizer_config.json`.
  public var configJSON: String { settings.json.text + "\n" }

  private static func entry(_ token: AddedToken) -> JSONValue {
    .object([
      ("id", .integer(token.id)),
      ("content", .string(token.content)),
      ("single_word", .boolean(false)),
      ("lstrip", .boolean(false)),
      ("rstrip", .boolean(false)),
      ("normalized", .boolean(token.isNormalized)),
      ("special", .boolean(token.isSpecial)),
    ])
  }

  private static func byteLevel(addsPrefixSpace: Bool, usesRegex: Bool) -> JSONValue {
    .object([
      ("type", .string("ByteLevel")),
      ("add_prefix_space", .boolean(addsPrefixSpace)),
      ("trim_offsets", .boolean(false)),
      ("use_regex", .boolean(usesRegex)),
    ])
  }

  private var preTokenizerSection: JSONValue {
    let rules = preTokenizer.rules
    let addsSpace = preTokenizer.addsPrefixSpace
    if rules == [.gpt2Words] {
      return Self.byteLevel(addsPrefixSpace: addsSpace, usesRegex: true)
    }
    let last = Self.byteLevel(addsPrefixSpace: addsSpace, usesRegex: false)
    if rules.isEmpty { return last }
    let splits = rules.map { rule in
      JSONValue.object([
        ("type", .string("Split")),
        ("pattern", .object([("Regex", .string(rule.pattern))])),
        ("behavior", .string("Isolated")),
        ("invert", .boolean(false)),
      ])
    }
    return .object([("type", .string("Sequence")), ("pretokenizers", .array(splits + [last]))])
  }

  private var postProcessorSection: JSONValue {
    let begin = settings.addsBegin ? settings.beginToken : nil
    let end = settings.addsEnd ? settings.endToken : nil
    let frame = [begin, end].compactMap { $0 }
    guard !frame.isEmpty else {
      return Self.byteLevel(addsPrefixSpace: false, usesRegex: false)
    }

    func item(_ kind: String, _ id: String, _ type: Int) -> JSONValue {
      .object([(kind, .object([("id", .string(id)), ("type_id", .integer(type))]))])
    }
    func framed(_ text: String, _ type: Int) -> [JSONValue] {
      let before = begin.map { [item("SpecialToken", $0, type)] } ?? []
      let after = end.map { [item("SpecialToken", $0, type)] } ?? []
      return before + [item("Sequence", text, type)] + after
    }
    var tokens: [(String, JSONValue)] = []
    for token in frame where !tokens.contains(where: { $0.0 == token }) {
      let ids = id(of: token).map { [JSONValue.integer($0)] } ?? []
      let entry: [(String, JSONValue)] = [
        ("id", .string(token)), ("ids", .array(ids)), ("tokens", .array([.string(token)])),
      ]
      tokens.append((token, .object(entry)))
    }
    return .object([
      ("type", .string("TemplateProcessing")),
      ("single", .array(framed("A", 0))),
      ("pair", .array(framed("A", 0) + framed("B", 1))),
      ("special_tokens", .object(tokens)),
    ])
  }

  private var modelSection: JSONValue {
    let vocabulary = parts.vocabulary
    func spelling(_ id: Int32) -> String { ByteAlphabet.spell(vocabulary.bytes(of: Int(id))) }
    let merges = parts.merges.pairs.map { pair in
      JSONValue.string(spelling(pair.left) + " " + spelling(pair.right))
    }
    return .object([
      ("type", .string("BPE")),
      ("dropout", .null),
      ("unk_token", .null),
      ("continuing_subword_prefix", .null),
      ("end_of_word_suffix", .null),
      ("fuse_unk", .boolean(false)),
      ("byte_fallback", .boolean(false)),
      ("ignore_merges", .boolean(parts.ignoresMerges)),
      ("vocab", .object(vocabularyMembers)),
      ("merges", .array(merges)),
    ])
  }

  /// The vocabulary by increasing number.
  ///
  /// A reader numbers added tokens from the end of the vocabulary, so those with smaller numbers
  /// have to stand in it themselves.
  private var vocabularyMembers: [(String, JSONValue)] {
    let vocabulary = parts.vocabulary
    let ordinary = vocabulary.tokens.enumerated().filter { !$1.isEmpty }
    var members = ordinary.map { (ByteAlphabet.spell($1), $0) }
    let early = parts.added.filter {
      $0.id < vocabulary.count && vocabulary.bytes(of: $0.id).isEmpty
    }
    members += early.map { ($0.content, $0.id) }
    return members.sorted { $0.1 < $1.1 }.map { ($0.0, .integer($0.1)) }
  }
}
