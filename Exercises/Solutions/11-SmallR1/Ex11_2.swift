/// The answer to exercise 11.2.
///
/// Why this way: one walk over the characters; a word begins where a letter stands and no letter of the
/// same alphabet stood before. Digits and signs are in every language, so a thought of many numbers
/// must not look foreign, and one of many signs not pure. The empty share is 0 and not 1: else the
/// purest thought is the empty one, and reinforcement finds it.
///
/// A gate makes the language worth something to those who are right, and nothing to the fluent. What it
/// costs is silence where nobody is right yet: such a group is dead again. DeepSeek has no gate, and
/// lost a little in code for a language that held.
public func payment(
  thought: String?, isGreek: Bool, isRight: Bool, weight: Double
) throws -> Double {
  guard isRight else { return 0 }
  return 1 + weight * share(of: words(thought ?? ""), isGreek)
}

/// Whether a letter is Greek; nil for what is no letter of either alphabet.
private func alphabet(of character: Unicode.Scalar) -> Bool? {
  switch character {
  case "a"..."z": false
  case "α"..."ω": true
  default: nil
  }
}

/// The alphabet of each word, in their order.
private func words(_ text: String) -> [Bool] {
  var (words, last): ([Bool], Bool?) = ([], nil)
  for character in text.unicodeScalars {
    let own = alphabet(of: character)
    if let own, own != last { words.append(own) }
    last = own
  }
  return words
}

private func share(of words: [Bool], _ wanted: Bool, empty: Double = 0) -> Double {
  words.isEmpty ? empty : Double(words.count { $0 == wanted }) / Double(words.count)
}

/// Wrong answers to exercise 11.2.
public enum Mutants11_2 {
  private static func paid(_ isRight: Bool, _ weight: Double, _ share: Double) -> Double {
    isRight ? 1 + weight * share : 0
  }

  /// Divides by all characters, digits and signs too.
  public static func countsSigns(
    thought: String?, isGreek: Bool, isRight: Bool, weight: Double
  ) throws -> Double {
    let text = (thought ?? "").unicodeScalars
    let own = text.count { alphabet(of: $0) == isGreek }
    return paid(isRight, weight, text.isEmpty ? 0 : Double(own) / Double(text.count))
  }

  /// Counts letters, so that a long word is many.
  public static func countsLetters(
    thought: String?, isGreek: Bool, isRight: Bool, weight: Double
  ) throws -> Double {
    let letters = (thought ?? "").unicodeScalars.compactMap { alphabet(of: $0) }
    return paid(isRight, weight, share(of: letters, isGreek))
  }

  /// Takes what stands between spaces for words, numbers too.
  public static func splitsAtSpaces(
    thought: String?, isGreek: Bool, isRight: Bool, weight: Double
  ) throws -> Double {
    let parts = (thought ?? "").split(separator: " ")
    let own = parts.count { part in
      part.unicodeScalars.allSatisfy { alphabet(of: $0) == isGreek }
    }
    return paid(isRight, weight, parts.isEmpty ? 0 : Double(own) / Double(parts.count))
  }

  /// Lets a digit or a space inside a run pass: two words are one.
  public static func joinsWords(
    thought: String?, isGreek: Bool, isRight: Bool, weight: Double
  ) throws -> Double {
    let letters = (thought ?? "").unicodeScalars.filter { alphabet(of: $0) != nil }
    let joined = words(String(String.UnicodeScalarView(letters)))
    return paid(isRight, weight, share(of: joined, isGreek))
  }

  /// Finds an empty thought pure.
  public static func praisesSilence(
    thought: String?, isGreek: Bool, isRight: Bool, weight: Double
  ) throws -> Double {
    paid(isRight, weight, share(of: words(thought ?? ""), isGreek, empty: 1))
  }

  /// Divides by no words.
  public static func dividesByNothing(
    thought: String?, isGreek: Bool, isRight: Bool, weight: Double
  ) throws -> Double {
    paid(isRight, weight, share(of: words(thought ?? ""), isGreek, empty: .nan))
  }

  /// Adds the share before anybody asks whether the answer is right.
  public static func paysTheFluent(
    thought: String?, isGreek: Bool, isRight: Bool, weight: Double
  ) throws -> Double {
    (isRight ? 1 : 0) + weight * share(of: words(thought ?? ""), isGreek)
  }

  /// Wants one language, whatever the question was in.
  public static func wantsLatin(
    thought: String?, isGreek: Bool, isRight: Bool, weight: Double
  ) throws -> Double { paid(isRight, weight, share(of: words(thought ?? ""), false)) }

  /// Wants all words or pays for none.
  public static func wantsAll(
    thought: String?, isGreek: Bool, isRight: Bool, weight: Double
  ) throws -> Double {
    paid(isRight, weight, share(of: words(thought ?? ""), isGreek) == 1 ? 1 : 0)
  }

  /// Weighs the right answer too.
  public static func weighsAll(
    thought: String?, isGreek: Bool, isRight: Bool, weight: Double
  ) throws -> Double {
    isRight ? weight * (1 + share(of: words(thought ?? ""), isGreek)) : 0
  }
}
