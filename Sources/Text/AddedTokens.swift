/// A token that is cut out of the text whole, such as `<｜User｜>`; the merges never see it.
public struct AddedToken: Sendable, Equatable {
  /// The number of the token.
  public let id: Int

  /// The text that stands for the token.
  public let content: String

  /// Whether decoding may leave the token out: it steers the model and is no part of the text.
  public let isSpecial: Bool

  /// Whether the token is looked for after the text has been normalised, rather than before.
  public let isNormalized: Bool

  /// Describes a token.
  public init(id: Int, content: String, isSpecial: Bool = true, isNormalized: Bool = false) {
    self.id = id
    self.content = content
    self.isSpecial = isSpecial
    self.isNormalized = isNormalized
  }
}

/// Finds added tokens in a text; where several begin at one place, the longest counts.
///
/// The tokens share a tree with one level for each byte, so a search from one place takes as many
/// steps as the longest token has bytes, whether there are two tokens or DeepSeek-V3's 818.
struct AddedTokenTree: Sendable, Equatable {
  /// A part of a text: an added token, or bytes between two of them.
  enum Part: Equatable {
    case token(Int)
    case text(Range<Int>)
  }

  private struct Edge: Hashable {
    let node: Int32
    let byte: UInt8
  }

  private var children: [Edge: Int32] = [:]
  /// The token that ends at each node, if one does; node 0 is the root.
  private var tokens: [Int?] = [nil]

  init(_ added: [AddedToken]) {
    for token in added where !token.content.isEmpty {
      var node: Int32 = 0
      for byte in token.content.utf8 {
        let edge = Edge(node: node, byte: byte)
        if let child = children[edge] {
          node = child
        } else {
          node = Int32(tokens.count)
          children[edge] = node
          tokens.append(nil)
        }
      }
      tokens[Int(node)] = token.id
    }
  }

  /// Cuts the tokens out of a text, from left to right.
  func cut(_ text: [UInt8]) -> [Part] {
    var parts: [Part] = []
    var textStart = 0
    var position = 0
    while position < text.count {
      guard !children.isEmpty, let match = longestMatch(in: text, at: position) else {
        position = children.isEmpty ? text.count : position + 1
        continue
      }
      if textStart < position { parts.append(.text(textStart..<position)) }
      parts.append(.token(match.token))
      position = match.end
      textStart = match.end
    }
    if textStart < text.count { parts.append(.text(textStart..<text.count)) }
    return parts
  }

  private func longestMatch(in text: [UInt8], at start: Int) -> (token: Int, end: Int)? {
    var longest: (token: Int, end: Int)?
    var node: Int32 = 0
    var position = start
    while position < text.count,
      let child = children[Edge(node: node, byte: text[position])]
    {
      node = child
      position += 1
      if let token = tokens[Int(node)] { longest = (token, position) }
    }
    return longest
  }
}
