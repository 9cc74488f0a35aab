import SmallV3
import Text

/// A piece of an answer.
public enum AnswerPiece: Sendable, Equatable {
  /// What the model thinks.
  case thought(String)
  /// What it says.
  case text(String)
}

/// Turns tokens into the pieces of an answer, the thought apart from what is said.
///
/// A special token ends a thought, so nothing that the model writes in letters is mistaken for it.
/// Line ends at the borders belong to the form of the conversation, not to the answer.
public struct AnswerReader: Sendable {
  private let coder: ChatCoder?
  private var decoder: StreamingDecoder
  private var isThinking: Bool
  private var trimmer: BorderTrimmer
  private var watcher: StopWatcher
  /// The tokens of the thought.
  public private(set) var thoughtTokens = 0
  /// Whether a stop text has come; what follows does not count.
  public var isStopped: Bool { watcher.isStopped }

  /// Prepares to read an answer; without a coder it is plain text.
  public init(_ tokenizer: Tokenizer, _ coder: ChatCoder?, stops: [String] = []) {
    self.coder = coder
    decoder = StreamingDecoder(tokenizer, skippingSpecial: true)
    isThinking = coder?.template == .deepSeekR1
    trimmer = BorderTrimmer(coder?.template)
    watcher = StopWatcher(stops)
  }

  /// What becomes certain with a token.
  public mutating func read(_ token: Int) -> [AnswerPiece] {
    guard let coder, token == coder.think || token == coder.endThink else {
      if isThinking { thoughtTokens += 1 }
      return pieces(decoder.append(token))
    }
    thoughtTokens += 1
    let rest = pieces(decoder.finish())
    isThinking = token == coder.think
    trimmer = BorderTrimmer(.deepSeekR1)
    return rest
  }

  /// What was held back.
  public mutating func finish() -> [AnswerPiece] {
    let rest = pieces(decoder.finish())
    let held = isThinking ? "" : watcher.finish()
    return rest + (held.isEmpty ? [] : [.text(held)])
  }

  private mutating func pieces(_ text: String) -> [AnswerPiece] {
    let kept = trimmer.append(text)
    if isThinking { return kept.isEmpty ? [] : [.thought(kept)] }
    let said = watcher.append(kept)
    return said.isEmpty ? [] : [.text(said)]
  }
}

/// Drops line ends at the beginning of a text, and keeps those back that may turn out to be its end.
struct BorderTrimmer: Sendable {
  private let border: Character?
  private let trimsEnd: Bool
  private var hasBegun = false
  private var held = ""

  init(_ template: ChatTemplate?) {
    switch template {
    case .deepSeekR1: (border, trimsEnd) = ("\n", true)
    case .coderV2: (border, trimsEnd) = (" ", false)
    case .deepSeekV3, nil: (border, trimsEnd) = (nil, false)
    }
  }

  mutating func append(_ text: String) -> String {
    guard let border else { return text }
    var rest = text[...]
    if !hasBegun {
      // Coder-V2 writes one space, R1 any number of line ends.
      if trimsEnd {
        rest = rest.drop { $0 == border }
      } else if rest.first == border {
        rest = rest.dropFirst()
      }
      hasBegun = trimsEnd ? !rest.isEmpty : !text.isEmpty
    }
    guard trimsEnd else { return String(rest) }
    let end = rest.lastIndex { $0 != border }.map { rest.index(after: $0) }
    guard let end else {
      held += rest
      return ""
    }
    defer { held = String(rest[end...]) }
    return held + rest[..<end]
  }
}

/// Looks for texts that end an answer, in pieces of which each may hold a part of one.
struct StopWatcher: Sendable {
  private let stops: [[UInt8]]
  private var held: [UInt8] = []
  private(set) var isStopped = false

  init(_ stops: [String]) { self.stops = stops.map { Array($0.utf8) } }

  // snippet.stop-text
  /// Takes a piece, and returns what certainly comes before any stop text.
  mutating func append(_ text: String) -> String {
    guard !isStopped else { return "" }
    if stops.isEmpty { return text }
    held += Array(text.utf8)
    if let place = stops.compactMap({ held.firstPlace(of: $0) }).min() {
      isStopped = true
      return String(decoding: held.prefix(place), as: UTF8.self)
    }
    let kept = stops.map { held.lengthOfEnd(beginning: $0) }.max() ?? 0
    defer { held = held.suffix(kept) }
    return String(decoding: held.dropLast(kept), as: UTF8.self)
  }
  // snippet.end

  /// What was held back and is no stop text after all.
  mutating func finish() -> String {
    defer { held = [] }
    return isStopped ? "" : String(decoding: held, as: UTF8.self)
  }
}

extension [UInt8] {
  /// Where another list begins in this one.
  fileprivate func firstPlace(of other: [UInt8]) -> Int? {
    guard other.count <= count else { return nil }
    return (0...(count - other.count)).first {
      self[$0..<$0 + other.count].elementsEqual(other)
    }
  }

  /// How many bytes at the end are the beginning of another list, but not all of it.
  fileprivate func lengthOfEnd(beginning other: [UInt8]) -> Int {
    (0...Swift.min(count, other.count - 1)).last { suffix($0).elementsEqual(other.prefix($0)) }
      ?? 0
  }
}
