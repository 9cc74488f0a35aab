import Tensors

/// Rewrites documents so that a model learns to write a middle after both of its sides.
///
/// A document d is cut at i ≤ j and its parts are told in the order prefix, suffix, middle (PSM):
///
///     <｜fim▁begin｜> d[0..<i] <｜fim▁hole｜> d[j...] <｜fim▁end｜> d[i..<j]
///
/// It is the same next-token training on other data: neither the model nor the loss changes. The
/// begin and end tokens of a text stand around the whole, as around any document.
/// Paper: DeepSeek-Coder-V2 §3.1 (rate 0.5); DeepSeek-V3 §4.1 (rate 0.1).
public struct FillInTheMiddle: Sendable, Equatable {
  /// `<｜fim▁begin｜>`, before the prefix.
  public let begin: Int
  /// `<｜fim▁hole｜>`, where the middle was taken out.
  public let hole: Int
  /// `<｜fim▁end｜>`, after the suffix; the middle follows.
  public let end: Int
  /// The share of documents that are rewritten.
  public let rate: Double

  /// DeepSeek's names: the bar is U+FF5C and the low line U+2581, as in the published tokenizer.
  public static let specialTokens = ["<｜fim▁begin｜>", "<｜fim▁hole｜>", "<｜fim▁end｜>"]

  /// Creates the transform from the numbers of its three tokens.
  public init(begin: Int, hole: Int, end: Int, rate: Double) {
    insist(
      Set([begin, hole, end]).count == 3,
      "FillInTheMiddle: \(begin), \(hole) and \(end) are not three tokens")
    insist((0...1).contains(rate), "FillInTheMiddle: the rate \(rate) is not a share")
    (self.begin, self.hole, self.end, self.rate) = (begin, hole, end, rate)
  }

  /// Finds the three tokens in a tokenizer, or names the one that it lacks.
  public init(_ tokenizer: Tokenizer, rate: Double) throws(TokenizerError) {
    var numbers: [Int] = []
    for name in Self.specialTokens {
      guard let number = tokenizer.id(of: name) else {
        throw TokenizerError(
          "tokenizer.json", "there is no token \(name), so the model cannot fill in a middle")
      }
      numbers.append(number)
    }
    self.init(begin: numbers[0], hole: numbers[1], end: numbers[2], rate: rate)
  }

  // snippet.rearranged
  /// What is asked of a model: the two sides, up to where the middle should follow.
  public func prompt(prefix: [Int], suffix: [Int]) -> [Int] {
    [begin] + prefix + [hole] + suffix + [end]
  }

  /// A document told in the order prefix, suffix, middle.
  public func rearranged(_ document: [Int], middle: Range<Int>) -> [Int] {
    prompt(
      prefix: Array(document[..<middle.lowerBound]),
      suffix: Array(document[middle.upperBound...]))
      + document[middle]
  }
  // snippet.end

  /// A rearranged document in its own order again; nil if the three tokens do not stand once
  /// each in their order, the first in front.
  public func reassembled(_ tokens: [Int]) -> [Int]? {
    let marks = tokens.indices.filter { [begin, hole, end].contains(tokens[$0]) }
    guard marks.map({ tokens[$0] }) == [begin, hole, end], marks[0] == tokens.startIndex else {
      return nil
    }
    let suffix = tokens[(marks[1] + 1)..<marks[2]]
    return Array(tokens[1..<marks[1]]) + tokens[(marks[2] + 1)...] + suffix
  }

  /// Draws a middle of a document of n parts: every pair of cuts 0 ≤ i ≤ j ≤ n is equally likely.
  ///
  /// Two different places a < b of n + 2 stand for i = a and j = b − 1.
  public static func middle(
    of count: Int, using generator: inout some RandomNumberGenerator
  ) -> Range<Int> {
    let first = Draw.below(count + 2, using: &generator)
    let other = Draw.below(count + 1, using: &generator)
    let second = other < first ? other : other + 1
    return min(first, second)..<max(first, second) - 1
  }

  /// A document as training sees it: rearranged with the chance `rate`, else as it is.
  ///
  /// The cuts fall between tokens. The rewriting comes before packing, so that the sides of a
  /// hole are never from two documents.
  public func document(
    _ tokens: [Int], using generator: inout some RandomNumberGenerator
  ) -> [Int] {
    guard generator.uniform() < rate else { return tokens }
    return rearranged(tokens, middle: Self.middle(of: tokens.count, using: &generator))
  }

  /// The same for a text, whose cuts fall between characters (Unicode scalars).
  ///
  /// Each part becomes tokens on its own. Where tokens are longer than a character, a reader's
  /// cursor may stand within what would have been one token; a model that has met only cuts
  /// between tokens would be lost there.
  public func document(
    _ text: String, tokenizer: Tokenizer, using generator: inout some RandomNumberGenerator
  ) -> [Int] {
    guard generator.uniform() < rate else { return tokenizer.encode(text) }
    let scalars = Array(text.unicodeScalars)
    let middle = Self.middle(of: scalars.count, using: &generator)
    func tokens(_ part: ArraySlice<Unicode.Scalar>) -> [Int] {
      var text = String.UnicodeScalarView()
      text.append(contentsOf: part)
      return tokenizer.encode(String(text))
    }
    return prompt(
      prefix: tokens(scalars[..<middle.lowerBound]),
      suffix: tokens(scalars[middle.upperBound...])) + tokens(scalars[middle])
  }
}
