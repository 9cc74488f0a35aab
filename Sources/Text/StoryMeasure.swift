import Tensors

/// What a phrase costs on average, with the words of outer slots still open.
///
/// A mention has no length until its word is known, so it is carried as an expected count.
/// Because choices do not depend on words, E[count · length] = E[count] · E[length], and a drawing can close
/// its slot exactly. No enumeration of texts is needed.
package struct PhraseMeasure: Sendable {
  struct Mention: Hashable { let slot: Slot, form: Form }

  var fixed = EntropyRate(bits: 0, bytes: 0)
  var mentions: [Mention: Double] = [:]

  /// Adds a part that is written with the given chance.
  mutating func add(_ part: PhraseMeasure, chance: Double) {
    fixed.bits += chance * part.fixed.bits
    fixed.bytes += chance * part.fixed.bytes
    for (mention, count) in part.mentions { mentions[mention, default: 0] += chance * count }
  }

  /// Replaces the mentions of a slot by the mean length of the words that may fill it.
  mutating func close(_ slot: Slot, with words: [Word]) {
    let weights = words.map(\.weight)
    fixed.bits += EntropyRate.entropy(ofWeights: weights)
    let total = Double(weights.reduce(0, +))
    for form in Form.allCases {
      guard let count = mentions.removeValue(forKey: Mention(slot: slot, form: form)) else {
        continue
      }
      var length = 0.0
      for word in words { length += Double(word.weight * word[form].utf8.count) / total }
      fixed.bytes += count * length
    }
  }
}

extension Phrase {
  /// The entropy and the mean length of the grammar, by one pass over its parts.
  package var rate: EntropyRate {
    let measure = measure
    insist(measure.mentions.isEmpty, "a phrase mentions a word that nobody draws")
    return measure.fixed
  }

  /// - sequence: the sum. - choice: the mean, plus the entropy of the choice. - drawing: the body with
  ///   its slot closed.
  private var measure: PhraseMeasure {
    var measure = PhraseMeasure()
    switch self {
    case .literal(let text):
      measure.fixed.bytes = Double(text.utf8.count)
    case .mention(let slot, let form):
      measure.mentions[PhraseMeasure.Mention(slot: slot, form: form)] = 1
    case .sequence(let parts):
      for part in parts { measure.add(part.measure, chance: 1) }
    case .choice(let alternatives):
      let weights = alternatives.map(\.weight)
      let total = Double(weights.reduce(0, +))
      measure.fixed.bits = EntropyRate.entropy(ofWeights: weights)
      for (weight, phrase) in alternatives {
        measure.add(phrase.measure, chance: Double(weight) / total)
      }
    case .drawing(let slot, let words, let body):
      measure = body.measure
      measure.close(slot, with: words)
    }
    return measure
  }
}
