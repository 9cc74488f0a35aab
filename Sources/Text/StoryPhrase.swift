import Tensors

/// A probabilistic grammar of finite texts, with words that are drawn once and mentioned often.
///
/// The choices inside a `drawing` never depend on which word was drawn; only the letters do. That is what
/// makes the entropy and the mean length of the whole grammar a sum over its parts.
package indirect enum Phrase: Sendable {
  /// Letters that are always the same.
  case literal(String)
  /// A word that was drawn further out, in one of its forms; it costs no bits.
  case mention(Slot, Form)
  /// One part after the other.
  case sequence([Phrase])
  /// One of several, by weight.
  case choice([(weight: Int, phrase: Phrase)])
  /// Draws a word for a slot, then writes the phrase that mentions it.
  case drawing(Slot, from: [Word], in: Phrase)

  /// One of several, all equally likely.
  package static func one(of phrases: [Phrase]) -> Phrase {
    .choice(phrases.map { (weight: 1, phrase: $0) })
  }
}

/// The name of a place in a text that a drawn word fills.
package struct Slot: Hashable, Sendable {
  let name: String
  package init(_ name: String) { self.name = name }
}

/// The forms in which a drawn word may be mentioned.
package enum Form: CaseIterable, Sendable {
  case name, subject, capitalSubject, object, possessive, kind, place, sound
}

/// A word with its forms and its chance.
package struct Word: Sendable {
  package let weight: Int
  private let name: String
  private let others: [Form: String]

  package init(_ name: String, _ others: [Form: String] = [:], weight: Int = 1) {
    self.name = name
    self.others = others
    self.weight = weight
  }

  package subscript(form: Form) -> String {
    if form == .name { return name }
    guard let text = others[form] else {
      insist(false, "the word \(name) has no form \(form)")
      return ""
    }
    return text
  }
}

/// Templates read as they print: `"\(hero) lost \(hero, .possessive) \(toy)."`
extension Phrase: ExpressibleByStringInterpolation {
  package struct StringInterpolation: StringInterpolationProtocol {
    var parts: [Phrase] = []

    package init(literalCapacity: Int, interpolationCount: Int) {}

    package mutating func appendLiteral(_ literal: String) {
      if !literal.isEmpty { parts.append(.literal(literal)) }
    }
    package mutating func appendInterpolation(_ slot: Slot, _ form: Form = .name) {
      parts.append(.mention(slot, form))
    }
    package mutating func appendInterpolation(_ phrase: Phrase) {
      parts.append(phrase)
    }
  }

  package init(stringInterpolation: StringInterpolation) {
    self = .sequence(stringInterpolation.parts)
  }
  package init(stringLiteral value: String) {
    self = .literal(value)
  }
}

// MARK: - Writing

extension Phrase {
  /// Writes a random text of the grammar and books the surprise of each choice.
  package func write(
    to draft: inout Draft, words: [Slot: Word] = [:],
    using generator: inout some RandomNumberGenerator
  ) {
    switch self {
    case .literal(let text):
      draft.text += text
    case .mention(let slot, let form):
      insist(words[slot] != nil, "\(slot.name) is mentioned before it is drawn")
      draft.text += words[slot]?[form] ?? ""
    case .sequence(let parts):
      for part in parts { part.write(to: &draft, words: words, using: &generator) }
    case .choice(let alternatives):
      let index = draft.choose(weights: alternatives.map(\.weight), using: &generator)
      alternatives[index].phrase.write(to: &draft, words: words, using: &generator)
    case .drawing(let slot, let choices, let body):
      let index = draft.choose(weights: choices.map(\.weight), using: &generator)
      var inner = words
      inner[slot] = choices[index]
      body.write(to: &draft, words: inner, using: &generator)
    }
  }
}
