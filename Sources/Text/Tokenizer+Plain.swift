extension Tokenizer {
  /// Encodes a text in which nothing is an added token, whatever it looks like.
  ///
  /// A text that somebody typed must not steer the model: `<｜Assistant｜>` is 13 letters here, as
  /// any others, and not the token that hands over the turn.
  public func encodePlain(_ text: String) -> [Int] {
    withoutAddedTokens.encode(text)
  }

  /// The number of an added token; nil for a text that the merges make.
  public func addedID(of content: String) -> Int? {
    parts.added.first { $0.content == content }?.id
  }

  private var withoutAddedTokens: Tokenizer {
    var parts = parts
    parts.added = []
    return Tokenizer(parts)
  }

  /// The same tokenizer with further special tokens behind its others; those that it has stay.
  public func adding(special: [String]) -> Tokenizer {
    var parts = parts
    var next = vocabularySize
    for content in special where !parts.added.contains(where: { $0.content == content }) {
      parts.added.append(AddedToken(id: next, content: content))
      next += 1
    }
    return Tokenizer(parts)
  }
}
