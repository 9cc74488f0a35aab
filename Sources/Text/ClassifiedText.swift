/// What a pre-tokenizer needs to know about a character.
///
/// The first six are the regular-expression classes `\p{L}`, `\p{M}`, `\p{N}`, `[\p{P}\p{S}]`,
/// `\s` and `[\r\n]`; a line break is also a space.
struct CharacterClass: OptionSet, Sendable {
  let rawValue: UInt8

  static let letter = CharacterClass(rawValue: 1)
  static let mark = CharacterClass(rawValue: 2)
  static let number = CharacterClass(rawValue: 4)
  static let sign = CharacterClass(rawValue: 8)
  static let space = CharacterClass(rawValue: 16)
  static let lineBreak = CharacterClass(rawValue: 32)
  /// Hiragana, Katakana and the Chinese characters U+4E00–U+9FA5.
  static let eastAsian = CharacterClass(rawValue: 64)
  /// A byte that is not the first of its character.
  static let continuation = CharacterClass(rawValue: 128)

  /// Looks a character up in Unicode's tables.
  init(of character: Unicode.Scalar) {
    var found: CharacterClass = []
    switch character.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
      found = .letter
    case .nonspacingMark, .spacingMark, .enclosingMark:
      found = .mark
    case .decimalNumber, .letterNumber, .otherNumber:
      found = .number
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
      .initialPunctuation, .finalPunctuation, .otherPunctuation, .mathSymbol, .currencySymbol,
      .modifierSymbol, .otherSymbol:
      found = .sign
    default:
      break
    }
    if character.properties.isWhitespace { found.insert(.space) }
    if character == "\r" || character == "\n" { found.insert(.lineBreak) }
    switch character.value {
    case 0x3040...0x30FF, 0x4E00...0x9FA5: found.insert(.eastAsian)
    default: break
    }
    self = found
  }

  init(rawValue: UInt8) { self.rawValue = rawValue }

  /// The classes of the 128 ASCII characters, by code.
  static let ascii: [CharacterClass] = (UInt8(0)..<128).map {
    CharacterClass(of: Unicode.Scalar($0))
  }
}

/// A text as UTF-8 bytes, each with the class of the character it belongs to.
///
/// A continuation byte carries its character's class, so that a run of letters is a run of bytes
/// and no position ever has to be translated between characters and bytes.
struct ClassifiedText {
  let bytes: [UInt8]
  let classes: [CharacterClass]

  init(_ text: String) {
    bytes = Array(text.utf8)
    var classes: [CharacterClass] = []
    classes.reserveCapacity(bytes.count)
    for character in text.unicodeScalars {
      if character.isASCII {
        classes.append(CharacterClass.ascii[Int(character.value)])
        continue
      }
      let found = CharacterClass(of: character)
      classes.append(found)
      for _ in 1..<UTF8.width(character) { classes.append(found.union(.continuation)) }
    }
    self.classes = classes
  }

  /// The end of the character that starts at a position.
  func end(ofCharacterAt position: Int) -> Int {
    var end = position + 1
    while end < classes.count, classes[end].contains(.continuation) { end += 1 }
    return end
  }

  /// The end of the longest run, from `start`, of characters in one of the wanted classes.
  func end(ofRunOf wanted: CharacterClass, from start: Int, before limit: Int) -> Int {
    var end = start
    while end < limit, !classes[end].isDisjoint(with: wanted) { end += 1 }
    return end
  }

  /// The end of the longest run, from `start`, of characters in none of the classes.
  func end(ofRunOutside unwanted: CharacterClass, from start: Int, before limit: Int) -> Int {
    var end = start
    while end < limit, classes[end].isDisjoint(with: unwanted) { end += 1 }
    return end
  }

  /// Tells whether the character at a position is in one of the wanted classes.
  func has(_ wanted: CharacterClass, at position: Int, before limit: Int) -> Bool {
    position < limit && !classes[position].isDisjoint(with: wanted)
  }
}
