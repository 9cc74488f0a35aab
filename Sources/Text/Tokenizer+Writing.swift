import Checkpoints
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
        throw TokenizerError(file.path, "the file cannot be written: \(reason(error))")
      }
    }
  }

  /// The contents of `tokenizer.json`: always the same for the same tokenizer.
  public var json: String {
    let root: JSONValue = [
      "version": "1.0",
      "truncation": .null,
      "padding": .null,
      "added_tokens": .array(parts.added.map(Self.entry)),
      "normalizer": parts.normalizer == .none ? .null : ["type": "NFC"],
      "pre_tokenizer": preTokenizerSection,
      "post_processor": postProcessorSection,
      "decoder": Self.byteLevel(addsPrefixSpace: false, usesRegex: false),
      "model": modelSection,
    ]
    return root.text() + "\n"
  }

  /// The contents of `tokenizer_config.json`.
  public var configJSON: String { settings.json.text() + "\n" }

  private static func entry(_ token: AddedToken) -> JSONValue {
    [
      "id": .integer(token.id),
      "content": .string(token.content),
      "single_word": false,
      "lstrip": false,
      "rstrip": false,
      "normalized": .bool(token.isNormalized),
      "special": .bool(token.isSpecial),
    ]
  }

  private static func byteLevel(addsPrefixSpace: Bool, usesRegex: Bool) -> JSONValue {
    [
      "type": "ByteLevel",
      "add_prefix_space": .bool(addsPrefixSpace),
      "trim_offsets": false,
      "use_regex": .bool(usesRegex),
    ]
  }

  private var preTokenizerSection: JSONValue {
    let rules = preTokenizer.rules
    let addsSpace = preTokenizer.addsPrefixSpace
    if rules == [.gpt2Words] {
      return Self.byteLevel(addsPrefixSpace: addsSpace, usesRegex: true)
    }
    let last = Self.byteLevel(addsPrefixSpace: addsSpace, usesRegex: false)
    if rules.isEmpty { return last }
    let splits = rules.map { rule -> JSONValue in
      [
        "type": "Split",
        "pattern": ["Regex": .string(rule.pattern)],
        "behavior": "Isolated",
        "invert": false,
      ]
    }
    return ["type": "Sequence", "pretokenizers": .array(splits + [last])]
  }

  private var postProcessorSection: JSONValue {
    let begin = settings.addsBegin ? settings.beginToken : nil
    let end = settings.addsEnd ? settings.endToken : nil
    let frame = [begin, end].compactMap { $0 }
    guard !frame.isEmpty else {
      return Self.byteLevel(addsPrefixSpace: false, usesRegex: false)
    }

    func item(_ kind: String, _ id: String, _ type: Int) -> JSONValue {
      [kind: ["id": .string(id), "type_id": .integer(type)]]
    }
    func framed(_ text: String, _ type: Int) -> [JSONValue] {
      let before = begin.map { [item("SpecialToken", $0, type)] } ?? []
      let after = end.map { [item("SpecialToken", $0, type)] } ?? []
      return before + [item("Sequence", text, type)] + after
    }
    var tokens = JSONObject()
    for token in frame {
      let ids = id(of: token).map { [JSONValue.integer($0)] } ?? []
      tokens[token] = [
        "id": .string(token), "ids": .array(ids), "tokens": [.string(token)],
      ]
    }
    return [
      "type": "TemplateProcessing",
      "single": .array(framed("A", 0)),
      "pair": .array(framed("A", 0) + framed("B", 1)),
      "special_tokens": .object(tokens),
    ]
  }

  private var modelSection: JSONValue {
    let vocabulary = parts.vocabulary
    func spelling(_ id: Int32) -> String { ByteAlphabet.spell(vocabulary.bytes(of: Int(id))) }
    let merges = parts.merges.pairs.map { pair in
      JSONValue.string(spelling(pair.left) + " " + spelling(pair.right))
    }
    return [
      "type": "BPE",
      "dropout": .null,
      "unk_token": .null,
      "continuing_subword_prefix": .null,
      "end_of_word_suffix": .null,
      "fuse_unk": false,
      "byte_fallback": false,
      "ignore_merges": .bool(parts.ignoresMerges),
      "vocab": .object(vocabularyMembers),
      "merges": .array(merges),
    ]
  }

  /// The vocabulary by increasing number.
  ///
  /// A reader numbers added tokens from the end of the vocabulary, so those with smaller numbers
  /// have to stand in it themselves.
  private var vocabularyMembers: JSONObject {
    let vocabulary = parts.vocabulary
    let ordinary = vocabulary.tokens.enumerated().filter { !$1.isEmpty }
    var members = ordinary.map { (ByteAlphabet.spell($1), $0) }
    let early = parts.added.filter {
      $0.id < vocabulary.count && vocabulary.bytes(of: $0.id).isEmpty
    }
    members += early.map { ($0.content, $0.id) }
    return JSONObject(members.sorted { $0.1 < $1.1 }.map { ($0.0, .integer($0.1)) })
  }
}
