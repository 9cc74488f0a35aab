import Foundation
import Tensors
import TestSupport
import Testing
import Text

@Suite struct `A tokenizer's file` {
  /// A file with two merges, in which each test breaks one thing.
  private static let sound = #"""
    {"added_tokens": [{"id": 5, "content": "<s>", "special": true}],
     "normalizer": null,
     "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "use_regex": true},
     "post_processor": null,
     "decoder": {"type": "ByteLevel"},
     "model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "Ġ": 2, "ab": 3, "Ġab": 4},
      "merges": ["a b", ["Ġ", "ab"]]}}
    """#

  @Test func `reads merges in both spellings`() throws {
    let tokenizer = try Tokenizer(json: Data(Self.sound.utf8))
    #expect(tokenizer.encode("ab ab<s>ba") == [3, 4, 5, 1, 0])
  }

  @Test(arguments: [
    (#""a b""#, #""a c""#, #"model.merges[0]: "c" is not in the vocabulary"#),
    (#""a b""#, #""b a""#, #"model.merges[0]: "ba" is not in the vocabulary"#),
    (#""a b""#, #""ab""#, "model.merges[0]: two tokens with one space between are needed"),
    (#"["Ġ", "ab"]"#, #""a b""#, #"model.merges[1]: the merge of "a" and "b" occurs twice"#),
    (#"["Ġ", "ab"]"#, #"["Ġ"]"#, "model.merges[1]: two tokens are needed"),
    (#""Ġab": 4"#, #""Ġab": 3"#, #"model.vocab["Ġab"]: the id 3 belongs to two tokens"#),
    (#""Ġab": 4"#, #""Ġab": 5"#, #"model.vocab["Ġab"]: the id 5 belongs to an added token"#),
    (#""Ġab": 4"#, #""Ġab": -1"#, #"model.vocab["Ġab"]: the id -1 is outside 0 ... 1048575"#),
    (
      #""Ġab": 4"#, #""Ġab": 999999999999"#,
      #"model.vocab["Ġab"]: the id 999999999999 is outside 0 ... 1048575"#
    ),
    (
      #""Ġab": 4"#, #""a": 4"#, "line 6, column 71: the key 'a' appears twice in one object"
    ),
    (
      #""Ġab": 4"#, #""Ġab": 4.5"#,
      #"model.vocab["Ġab"]: a whole number is needed, not a number with a fraction"#
    ),
    (
      #""Ġab": 4"#, #""▁ab": 4"#,
      #"model.vocab["▁ab"]: the token is not spelt in the byte-level alphabet"#
    ),
    (
      #""Ġab": 4"#, #""<s>": 4"#,
      #"model.vocab["<s>"]: the id is 4, but 5 among the added tokens"#
    ),
    (#""vocab""#, #""words""#, #"model: the key "vocab" is missing"#),
    (#""BPE""#, #""Unigram""#, "model.type: the model must be BPE"),
    (
      #""BPE","#, #""BPE", "byte_fallback": true,"#,
      "model.byte_fallback: byte-level BPE has no unknown tokens, so this must be false"
    ),
    (#""content""#, #""text""#, #"added_tokens[0]: the key "content" is missing"#),
    (
      #""content": "<s>","#, #""content": "<s>", "lstrip": true,"#,
      #"added_tokens[0]: "lstrip" must be false"#
    ),
    (
      #""normalizer": null"#, #""normalizer": {"type": "NFKC"}"#,
      "normalizer: the only normalizer known here is NFC"
    ),
    (
      #"{"type": "ByteLevel", "add_prefix_space": false, "use_regex": true}"#,
      ##"{"type": "Sequence", "pretokenizers": [{"type": "Split", "behavior": "Isolated","##
        + ##" "pattern": {"Regex": "\\w+|[#]"}}, {"type": "ByteLevel"}]}"##,
      "pre_tokenizer.pretokenizers[0].pattern.Regex: the regular expression \\w+|[#] is not one of"
        + " those known here"
    ),
    (
      #"{"type": "ByteLevel", "add_prefix_space": false, "use_regex": true}"#,
      #"{"type": "Metaspace"}"#, "pre_tokenizer: the last step must be ByteLevel"
    ),
    (
      #""decoder": {"type": "ByteLevel"}"#, #""decoder": {"type": "Metaspace"}"#,
      "decoder: the decoder must be ByteLevel"
    ),
    (
      #""post_processor": null"#, #""post_processor": {"type": "BertProcessing"}"#,
      "post_processor: the post-processor must be ByteLevel or TemplateProcessing"
    ),
    (
      #""normalizer": null"#, #""model": 3"#,
      "line 6, column 2: the key 'model' appears twice in one object"
    ),
    (
      #""special": true"#, #""special": 1"#,
      "added_tokens[0].special: true or false is needed, not an integer"
    ),
  ])
  func `says what is wrong and where`(part: String, replacement: String, problem: String) throws
  {
    let broken = Self.sound.replacingOccurrences(of: part, with: replacement)
    #expect(broken != Self.sound)
    let error = #expect(throws: TokenizerError.self) { try Tokenizer(json: Data(broken.utf8)) }
    #expect(error?.description == "tokenizer.json, " + problem + ".")
  }

  @Test(arguments: [
    ("", "line 1, column 1: a value is missing at the end"),
    ("{\n \"a\" 1}", "line 2, column 6: a colon must follow the key"),
  ])
  func `that is no JSON is refused at the place`(text: String, problem: String) {
    let error = #expect(throws: TokenizerError.self) { try Tokenizer(json: Data(text.utf8)) }
    #expect(error?.description == "tokenizer.json, \(problem).")
  }

  @Test func `that does not exist is named`() {
    let error = #expect(throws: TokenizerError.self) {
      try Tokenizer(directory: URL(filePath: "/nowhere"))
    }
    #expect(error?.file == "/nowhere/tokenizer.json")
    #expect(error?.problem.hasPrefix("the file cannot be read") == true)
  }

  @Test func `and its settings come back from a directory`() throws {
    let settings = TokenizerSettings(
      beginToken: "<s>", endToken: "</s>", addsBegin: true, chatTemplate: "{{ \"\\\n\u{1}é\" }}"
    )
    let tokenizer = Tokenizer.bytes(special: ["<s>", "</s>"]).with(settings)
    try withFolder { directory in
      try tokenizer.write(to: directory)
      #expect(try Tokenizer(directory: directory) == tokenizer)
    }
    // tokenizer.json alone knows which token it adds, but not the template or the other token.
    let alone = try Tokenizer(json: Data(tokenizer.json.utf8))
    #expect(alone.settings == TokenizerSettings(beginToken: "<s>", addsBegin: true))
  }

  @Test func `of settings may give a token as an object, and must not add an unknown one`()
    throws
  {
    let json = Data(Self.sound.utf8)
    let sound = #"{"bos_token": {"content": "<s>", "lstrip": false}, "add_bos_token": true}"#
    let tokenizer = try Tokenizer(json: json, config: Data(sound.utf8))
    #expect(tokenizer.encode("a", addingSpecialTokens: true) == [5, 0])
    let error = #expect(throws: TokenizerError.self) {
      try Tokenizer(
        json: json, config: Data(sound.replacingOccurrences(of: "<s>", with: "<t>").utf8))
    }
    #expect(
      error?.description
        == "tokenizer_config.json: the begin token that it adds is not in the vocabulary.")
  }

  /// Neither a trap nor an endless loop, whatever the file: each is read or refused.
  @Test func `survives 4000 mutations`() throws {
    var generator = SplitMix64(seed: 5)
    let sound = Self.sound.bytes
    let tricky = [
      "-1", "1e999", "99999999999999999999", "null", "{", "]", "\"", "\\u", "\u{0}", "5",
    ]
    var refused = 0
    for _ in 0..<4000 {
      var bytes = sound
      for _ in 0...generator.below(3) where !bytes.isEmpty {
        let start = generator.below(bytes.count)
        let end = min(bytes.count, start + generator.below(8))
        switch generator.below(5) {
        case 0: bytes[start] = UInt8(generator.below(256))
        case 1: bytes.replaceSubrange(start..<end, with: [])
        case 2: bytes.insert(contentsOf: bytes[start..<end], at: generator.below(bytes.count))
        case 3: bytes.replaceSubrange(start..<end, with: tricky[generator.below(10)].utf8)
        default: bytes = Array(bytes[..<max(1, start)])
        }
      }
      do throws(TokenizerError) {
        let tokenizer = try Tokenizer(json: Data(bytes))
        _ = tokenizer.decode(tokenizer.encode("ab ab<s>") + [0, 9999])
        _ = tokenizer.json
      } catch {
        refused += 1
        #expect(!error.problem.isEmpty)
      }
    }
    #expect(refused > 2000 && refused < 4000)
  }
}
