/// The rules that cut a text into pieces before any tokens are merged.
///
/// Each rule cuts every piece that the rules before it left. Merging never crosses a cut, which keeps
/// "dog." and "dog!" from becoming tokens of their own and numbers from being learnt by heart.
///
/// - `whole`: no cut at all. Right for a tokenizer without merges.
/// - `gpt2`, `qwen2`, `llama3`: one rule each.
/// - `deepSeekV3`: digits, then Chinese and Japanese runs, then words; also DeepSeek-R1's.
public struct PreTokenizer: Sendable, Equatable {
  /// The rules in the order in which they cut.
  public let rules: [SplitRule]

  /// Whether a space is put before a text that does not start with one.
  public let addsPrefixSpace: Bool

  /// Combines rules.
  public init(rules: [SplitRule], addsPrefixSpace: Bool = false) {
    self.rules = rules
    self.addsPrefixSpace = addsPrefixSpace
  }

  /// Leaves the text in one piece.
  public static let whole = PreTokenizer(rules: [])
  /// Cuts as GPT-2 does.
  public static let gpt2 = PreTokenizer(rules: [.gpt2Words])
  /// Cuts as Qwen2 and the DeepSeek-R1 distillates of it do.
  public static let qwen2 = PreTokenizer(rules: [.qwen2Words])
  /// Cuts as Llama 3 and the DeepSeek-R1 distillates of it do.
  public static let llama3 = PreTokenizer(rules: [.llama3Words])
  /// Cuts as DeepSeek-V3 and R1 do.
  public static let deepSeekV3 = PreTokenizer(rules: [
    .digitTriples, .eastAsianRuns, .deepSeekV3Words,
  ])

  /// Cuts a text into pieces that together are the text.
  public func pieces(of text: String) -> [String] {
    let text = ClassifiedText(prepared(text))
    return ranges(of: text).map { String(decoding: text.bytes[$0], as: UTF8.self) }
  }

  /// The text with the prefix space, if there is to be one.
  func prepared(_ text: String) -> String {
    addsPrefixSpace && !text.isEmpty && text.utf8.first != UInt8(ascii: " ") ? " " + text : text
  }

  /// The byte ranges of the pieces.
  func ranges(of text: ClassifiedText) -> [Range<Int>] {
    var pieces = text.bytes.isEmpty ? [] : [0..<text.bytes.count]
    for rule in rules {
      pieces = pieces.flatMap { rule.split($0, of: text) }
    }
    return pieces
  }
}
