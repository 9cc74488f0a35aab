import Checkpoints
import Foundation

extension Tokenizer {
  /// Reads `tokenizer.json`, and `tokenizer_config.json` if there is one, from a model's directory.
  ///
  /// - Throws: `TokenizerError` if a file cannot be read or breaks a rule.
  public init(directory: URL) throws(TokenizerError) {
    let main = directory.appending(path: "tokenizer.json")
    let config = directory.appending(path: "tokenizer_config.json")
    let hasConfig = FileManager.default.fileExists(atPath: config.path)
    try self.init(
      json: Self.contents(of: main),
      config: hasConfig ? Self.contents(of: config) : nil)
  }

  /// Reads the contents of `tokenizer.json` and, if given, of `tokenizer_config.json`.
  ///
  /// The file must describe byte-level BPE: nothing is guessed, and a part that would change the
  /// tokens but is unknown here is an error.
  /// - Throws: `TokenizerError` with the place and the rule that it breaks.
  public init(json: Data, config: Data? = nil) throws(TokenizerError) {
    let root = try JSONPlace(parsing: json, file: "tokenizer.json")
    var parts = Parts()
    parts.normalizer = try root.readNormalizer()
    parts.preTokenizer = try root.readPreTokenizer()
    try root.checkDecoder()
    parts.added = try root.readAddedTokens()
    parts.settings = try root.readPostProcessor()
    let model = try root.required("model")
    try model.checkModel()
    parts.ignoresMerges = try model.member("ignore_merges")?.boolean() ?? false
    parts.vocabulary = try model.required("vocab").readVocabulary(apartFrom: parts.added)
    parts.merges = try model.required("merges").readMerges(of: parts.vocabulary)
    if let config {
      try parts.settings.read(JSONPlace(parsing: config, file: "tokenizer_config.json"))
    }
    self.init(parts)
    let frame = [("begin", settings.addsBegin, beginID), ("end", settings.addsEnd, endID)]
    for (name, isAdded, id) in frame where isAdded && id == nil {
      let file = config == nil ? "tokenizer.json" : "tokenizer_config.json"
      throw TokenizerError(file, "the \(name) token that it adds is not in the vocabulary")
    }
  }

  private static func contents(of file: URL) throws(TokenizerError) -> Data {
    do {
      return try Data(contentsOf: file)
    } catch {
      throw TokenizerError(file.path, "the file cannot be read: \(reason(error))")
    }
  }
}

extension JSONPlace {
  fileprivate func type() throws(TokenizerError) -> String { try required("type").string() }

  fileprivate func readNormalizer() throws(TokenizerError) -> Tokenizer.Normalizer {
    guard let normalizer = try member("normalizer") else { return .none }
    switch try normalizer.type() {
    case "NFC": return .composed
    case "Sequence":
      let steps = try normalizer.required("normalizers").elements()
      guard let step = steps.first else { return .none }
      guard steps.count == 1, try step.type() == "NFC" else { fallthrough }
      return .composed
    default: throw normalizer.error("the only normalizer known here is NFC")
    }
  }

  fileprivate func checkDecoder() throws(TokenizerError) {
    let decoder = try required("decoder")
    guard try decoder.type() == "ByteLevel" else {
      throw decoder.error("the decoder must be ByteLevel")
    }
  }

  fileprivate func checkModel() throws(TokenizerError) {
    if let type = try member("type"), try type.string() != "BPE" {
      throw type.error("the model must be BPE")
    }
    for key in ["byte_fallback", "fuse_unk"] {
      if let flag = try member(key), try flag.boolean() {
        throw flag.error("byte-level BPE has no unknown tokens, so this must be false")
      }
    }
    for key in ["continuing_subword_prefix", "end_of_word_suffix"] {
      if let affix = try member(key), try !affix.string().isEmpty {
        throw affix.error("byte-level BPE marks no word edges, so this must be null")
      }
    }
    if let dropout = try member("dropout") {
      throw dropout.error("merges are never dropped here, so this must be null")
    }
  }

  fileprivate func readAddedTokens() throws(TokenizerError) -> [AddedToken] {
    var tokens: [AddedToken] = []
    var ids: Set<Int> = []
    var contents: Set<[UInt8]> = []
    for entry in try member("added_tokens")?.elements() ?? [] {
      for flag in ["lstrip", "rstrip", "single_word"] {
        guard try entry.member(flag)?.boolean() != true else {
          throw entry.error("\"\(flag)\" must be false")
        }
      }
      let id = try entry.required("id").integer()
      let content = try entry.required("content").string()
      guard (0..<Vocabulary.limit).contains(id) else {
        throw entry.error("the id \(id) is outside 0 ... \(Vocabulary.limit - 1)")
      }
      guard !content.isEmpty else { throw entry.error("the content must not be empty") }
      guard ids.insert(id).inserted else { throw entry.error("the id \(id) occurs twice") }
      guard contents.insert(Array(content.utf8)).inserted else {
        throw entry.error("the token \"\(content)\" occurs twice")
      }
      let isSpecial = try entry.member("special")?.boolean() ?? false
      let isNormalized = try entry.member("normalized")?.boolean() ?? !isSpecial
      tokens.append(
        AddedToken(id: id, content: content, isSpecial: isSpecial, isNormalized: isNormalized))
    }
    return tokens.sorted { $0.id < $1.id }
  }

  /// Reads the vocabulary proper.
  ///
  /// It may list added tokens too, if with the same numbers. One that is not special may be an
  /// ordinary token as well, with merges of its own.
  fileprivate func readVocabulary(
    apartFrom added: [AddedToken]
  ) throws(TokenizerError) -> Vocabulary {
    let contents = added.map { (Array($0.content.utf8), $0) }
    let byContent = Dictionary(contents) { first, _ in first }
    let addedIDs = Set(added.map(\.id))
    var vocabulary = Vocabulary()
    for (key, place) in try members() {
      let id = try place.integer()
      let spelling = ByteAlphabet.read(key)
      if let same = byContent[Array(key.utf8)] {
        guard id == same.id else {
          throw place.error("the id is \(id), but \(same.id) among the added tokens")
        }
        if same.isSpecial || spelling == nil { continue }
      } else if addedIDs.contains(id) {
        throw place.error("the id \(id) belongs to an added token")
      }
      guard let bytes = spelling else {
        throw place.error("the token is not spelt in the byte-level alphabet")
      }
      if let problem = vocabulary.insert(bytes, id: id) { throw place.error(problem) }
    }
    return vocabulary
  }

  fileprivate func readMerges(of vocabulary: Vocabulary) throws(TokenizerError) -> MergeTable {
    var merges = MergeTable()
    for place in try elements() {
      let (left, right) = try place.mergeSides()
      let (leftID, leftBytes) = try place.token(left, in: vocabulary)
      let (rightID, rightBytes) = try place.token(right, in: vocabulary)
      guard let result = vocabulary.id(of: leftBytes + rightBytes) else {
        throw place.error("\"\(left + right)\" is not in the vocabulary")
      }
      guard merges.append(TokenPair(left: leftID, right: rightID), result: result) else {
        throw place.error("the merge of \"\(left)\" and \"\(right)\" occurs twice")
      }
    }
    return merges
  }

  /// The two sides of a merge, given as "left right" or as a pair.
  private func mergeSides() throws(TokenizerError) -> (String, String) {
    if let text = value.string {
      let sides = text.split(separator: " ", omittingEmptySubsequences: false)
      guard sides.count == 2 else {
        throw error("two tokens with one space between are needed")
      }
      return (String(sides[0]), String(sides[1]))
    }
    let sides = try elements()
    guard sides.count == 2 else { throw error("two tokens are needed") }
    return (try sides[0].string(), try sides[1].string())
  }

  private func token(
    _ spelling: String, in vocabulary: Vocabulary
  ) throws(TokenizerError) -> (Int32, [UInt8]) {
    guard let bytes = ByteAlphabet.read(spelling), let id = vocabulary.id(of: bytes) else {
      throw error("\"\(spelling)\" is not in the vocabulary")
    }
    return (id, bytes)
  }
}
