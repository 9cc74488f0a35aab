/// One rule that cuts a text into pieces across which no token may reach.
///
/// Model files state each rule as a regular expression, `pattern`. A regular-expression engine is
/// slow and its worst case is worse, so `end(ofMatchAt:in:before:)` does by hand what the
/// expression does: every rule looks at each character a bounded number of times.
///
/// Matches become pieces, and so does whatever lies between two matches.
public enum SplitRule: Sendable, Equatable, CaseIterable {
  /// English contractions, words, numbers, signs and spaces, each with at most one space before it.
  case gpt2Words
  /// As GPT-2, with any sign before a word, line breaks after signs, and one digit a piece.
  case qwen2Words
  /// As Qwen2, with numbers in groups of three digits from the left.
  case llama3Words
  /// Groups of one to three digits, DeepSeek-V3's first step.
  case digitTriples
  /// Runs of Chinese characters and Japanese syllables, DeepSeek-V3's second step.
  case eastAsianRuns
  /// Words with their marks, signs and spaces, DeepSeek-V3's third step.
  case deepSeekV3Words

  /// The regular expression by which `tokenizer.json` names the rule.
  public var pattern: String {
    let spaces = #"\s+(?!\S)|\s+"#
    let modern = #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+"#
    let signs = #" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"#
    switch self {
    case .gpt2Words:
      let words = #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+"#
      return words + "|" + spaces
    case .qwen2Words: return [modern, #"\p{N}"#, signs, spaces].joined(separator: "|")
    case .llama3Words: return [modern, #"\p{N}{1,3}"#, signs, spaces].joined(separator: "|")
    case .digitTriples: return #"\p{N}{1,3}"#
    case .eastAsianRuns: return "[一-龥\u{3040}-ゟ゠-ヿ]+"
    case .deepSeekV3Words:
      let glued = ##"[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+"##
      let words = "[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+"
      let signs = " ?[\\p{P}\\p{S}]+[\r\n]*|\\s*[\r\n]+"
      return [glued, words, signs, spaces].joined(separator: "|")
    }
  }

  /// Finds the rule with a regular expression, whether it spells line breaks raw or as `\r\n`.
  init?(pattern: String) {
    func spelled(_ pattern: String) -> [UInt8] {
      pattern.utf8.flatMap { byte -> [UInt8] in
        switch byte {
        case UInt8(ascii: "\r"): Array(#"\r"#.utf8)
        case UInt8(ascii: "\n"): Array(#"\n"#.utf8)
        default: [byte]
        }
      }
    }
    let wanted = spelled(pattern)
    guard let rule = Self.allCases.first(where: { spelled($0.pattern) == wanted }) else {
      return nil
    }
    self = rule
  }

  /// Cuts a range of the text into its matches and the gaps between them.
  func split(_ range: Range<Int>, of text: ClassifiedText) -> [Range<Int>] {
    var pieces: [Range<Int>] = []
    var gapStart = range.lowerBound
    var position = range.lowerBound
    while position < range.upperBound {
      guard let end = end(ofMatchAt: position, in: text, before: range.upperBound) else {
        position = text.end(ofCharacterAt: position)
        continue
      }
      if gapStart < position { pieces.append(gapStart..<position) }
      pieces.append(position..<end)
      position = end
      gapStart = end
    }
    if gapStart < range.upperBound { pieces.append(gapStart..<range.upperBound) }
    return pieces
  }

  /// The end of the match that starts exactly at a position, or `nil` if none does.
  private func end(ofMatchAt start: Int, in text: ClassifiedText, before limit: Int) -> Int? {
    switch self {
    case .gpt2Words:
      text.contraction(at: start, before: limit, anyCase: false)
        ?? text.run(of: .letter, at: start, before: limit, afterSpace: true)
        ?? text.run(of: .number, at: start, before: limit, afterSpace: true)
        ?? text.signs(at: start, before: limit)
        ?? text.spaces(at: start, before: limit)
    case .qwen2Words, .llama3Words:
      text.contraction(at: start, before: limit, anyCase: true)
        ?? text.word(at: start, before: limit)
        ?? text.digits(at: start, before: limit, atMost: self == .qwen2Words ? 1 : 3)
        ?? text.signs(at: start, before: limit).map {
          text.end(ofRunOf: .lineBreak, from: $0, before: limit)
        }
        ?? text.lineBreaks(at: start, before: limit)
        ?? text.spaces(at: start, before: limit)
    case .digitTriples:
      text.digits(at: start, before: limit, atMost: 3)
    case .eastAsianRuns:
      text.run(of: .eastAsian, at: start, before: limit, afterSpace: false)
    case .deepSeekV3Words:
      text.gluedWord(at: start, before: limit)
        ?? text.markedWord(at: start, before: limit)
        ?? text.run(of: .sign, at: start, before: limit, afterSpace: true).map {
          text.end(ofRunOf: .lineBreak, from: $0, before: limit)
        }
        ?? text.lineBreaks(at: start, before: limit)
        ?? text.spaces(at: start, before: limit)
    }
  }
}
