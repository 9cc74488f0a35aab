import Tensors

/// One of the two languages of this chapter: the ten digits are its words.
///
/// A word is one character, `7` in the one and `h` in the other; signs such as `+`, `;` and `=`
/// belong to neither. Two alphabets are enough to mix.
public enum Tongue: String, Codable, Sendable, CaseIterable {
  /// `0` to `9`.
  case digits
  /// `a` for 0 to `j` for 9.
  case letters

  /// The other one.
  public var other: Tongue { self == .digits ? .letters : .digits }

  /// The words for 0 to 9.
  public var words: String { self == .digits ? "0123456789" : "abcdefghij" }

  private var zero: UInt8 { self == .digits ? UInt8(ascii: "0") : UInt8(ascii: "a") }

  /// Writes some digits.
  public func writing(_ digits: some Sequence<Int>) -> String {
    digits.map { digit in
      insist((0..<10).contains(digit), "Tongue: \(digit) is no digit")
      return String(UnicodeScalar(zero + UInt8(digit)))
    }.joined()
  }

  /// The tongue of a character and the digit that it means; nil for a sign.
  public static func reading(_ character: UInt8) -> (tongue: Tongue, digit: Int)? {
    for tongue in allCases where character >= tongue.zero && character < tongue.zero + 10 {
      return (tongue, Int(character - tongue.zero))
    }
    return nil
  }

  /// The same text with every word in this tongue; signs stay.
  public func translating(_ text: some StringProtocol) -> String {
    text.utf8.map { character in
      Self.reading(character).map { writing([$0.digit]) }
        ?? String(UnicodeScalar(character))
    }.joined()
  }

  // snippet.share
  /// The share of a text's words that are of this tongue; nil if the text has no words.
  ///
  /// Paper: DeepSeek-R1 (Nature), eq. 7.
  public func share(of text: some StringProtocol) -> Double? {
    let tongues = text.utf8.compactMap { Self.reading($0)?.tongue }
    guard !tongues.isEmpty else { return nil }
    return Double(tongues.count { $0 == self }) / Double(tongues.count)
  }
  // snippet.end
}
