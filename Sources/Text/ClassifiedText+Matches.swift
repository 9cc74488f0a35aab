/// The alternatives of the pre-tokenizers' regular expressions, each as a hand-written match.
///
/// Every function answers where a match that starts at `start` ends, or `nil` if there is none.
/// `limit` is the end of the piece that is being cut; for the expression it is the end of the text.
extension ClassifiedText {
  /// Matches `'s|'t|'re|'ve|'m|'ll|'d`, in capitals too if `anyCase`.
  func contraction(at start: Int, before limit: Int, anyCase: Bool) -> Int? {
    guard bytes[start] == UInt8(ascii: "'"), start + 1 < limit else { return nil }
    func letter(_ offset: Int) -> UInt8 {
      guard start + offset < limit else { return 0 }
      let byte = bytes[start + offset]
      let isCapital = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
      return isCapital && anyCase ? byte | 0x20 : byte
    }
    switch (letter(1), letter(2)) {
    case (UInt8(ascii: "s"), _), (UInt8(ascii: "t"), _), (UInt8(ascii: "m"), _),
      (UInt8(ascii: "d"), _):
      return start + 2
    case (UInt8(ascii: "r"), UInt8(ascii: "e")), (UInt8(ascii: "v"), UInt8(ascii: "e")),
      (UInt8(ascii: "l"), UInt8(ascii: "l")):
      return start + 3
    case (0xC5, 0xBF) where anyCase:
      return start + 3  // ſ, the long s, is an s in another case
    default:
      return nil
    }
  }

  /// Matches one or more characters of a class, ` ?[class]+` if one space may come first.
  func run(
    of wanted: CharacterClass, at start: Int, before limit: Int, afterSpace: Bool
  ) -> Int? {
    let first = afterSpace && bytes[start] == UInt8(ascii: " ") ? start + 1 : start
    let end = end(ofRunOf: wanted, from: first, before: limit)
    return end > first ? end : nil
  }

  /// Matches ` ?[^\s\p{L}\p{N}]+`.
  func signs(at start: Int, before limit: Int) -> Int? {
    let first = bytes[start] == UInt8(ascii: " ") ? start + 1 : start
    let end = end(ofRunOutside: [.space, .letter, .number], from: first, before: limit)
    return end > first ? end : nil
  }

  /// Matches `\p{N}{1,count}`.
  func digits(at start: Int, before limit: Int, atMost count: Int) -> Int? {
    var end = start
    for _ in 0..<count where has(.number, at: end, before: limit) {
      end = self.end(ofCharacterAt: end)
    }
    return end > start ? end : nil
  }

  /// Matches `[^\r\n\p{L}\p{N}]?\p{L}+`.
  func word(at start: Int, before limit: Int) -> Int? {
    let isLeader = classes[start].isDisjoint(with: [.lineBreak, .letter, .number])
    let first = isLeader ? end(ofCharacterAt: start) : start
    let end = end(ofRunOf: .letter, from: first, before: limit)
    return end > first ? end : nil
  }

  /// Matches `[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+`.
  ///
  /// A mark fits both brackets. Whichever takes it, the match ends with the run of letters and marks.
  func markedWord(at start: Int, before limit: Int) -> Int? {
    var first = start
    if !has([.letter, .mark], at: start, before: limit) {
      guard classes[start].isDisjoint(with: [.lineBreak, .sign]) else { return nil }
      first = end(ofCharacterAt: start)
    }
    let end = end(ofRunOf: [.letter, .mark], from: first, before: limit)
    return end > first ? end : nil
  }

  /// Matches an ASCII sign with the ASCII word after it: `[!-/:-@\[-`{-~][A-Za-z]+`.
  func gluedWord(at start: Int, before limit: Int) -> Int? {
    guard bytes[start] < 0x80, classes[start].contains(.sign) else { return nil }
    var end = start + 1
    while end < limit, bytes[end] < 0x80, classes[end].contains(.letter) { end += 1 }
    return end > start + 1 ? end : nil
  }

  /// Matches `\s*[\r\n]+`: spaces up to and with the last line break of their run.
  func lineBreaks(at start: Int, before limit: Int) -> Int? {
    var end = end(ofRunOf: .space, from: start, before: limit)
    while end > start, !classes[end - 1].contains(.lineBreak) { end -= 1 }
    return end > start ? end : nil
  }

  /// Matches `\s+(?!\S)|\s+`: a run of spaces, less the last one if a word follows it.
  func spaces(at start: Int, before limit: Int) -> Int? {
    var end = end(ofRunOf: .space, from: start, before: limit)
    guard end > start else { return nil }
    if end < limit {
      var last = end - 1
      while classes[last].contains(.continuation) { last -= 1 }
      if last > start { end = last }
    }
    return end
  }
}
