import Foundation
import Tensors
import Testing
import Text

/// Every derivation of a small grammar with its probability: the slow second way.
private func derivations(of phrase: Phrase, words: [Slot: Word] = [:]) -> [(String, Double)] {
  switch phrase {
  case .literal(let text): return [(text, 1)]
  case .mention(let slot, let form): return words[slot].map { [($0[form], 1)] } ?? []
  case .sequence(let parts):
    return parts.reduce([("", 1.0)]) { sofar, part in
      sofar.flatMap { head in
        derivations(of: part, words: words).map { (head.0 + $0.0, head.1 * $0.1) }
      }
    }
  case .choice(let alternatives):
    let total = Double(alternatives.map(\.weight).reduce(0, +))
    return alternatives.flatMap { weight, phrase in
      derivations(of: phrase, words: words).map { ($0.0, $0.1 * Double(weight) / total) }
    }
  case .drawing(let slot, let choices, let body):
    let total = Double(choices.map(\.weight).reduce(0, +))
    return choices.flatMap { word in
      var inner = words
      inner[slot] = word
      return derivations(of: body, words: inner).map {
        ($0.0, $0.1 * Double(word.weight) / total)
      }
    }
  }
}

private let pet = Slot("pet")
private let place = Slot("place")

/// Two slots, unequal weights, nested choices, a word mentioned zero to three times.
private let small: Phrase = .drawing(
  pet, from: [Word("cat", [.sound: "meow"], weight: 3), Word("horse", [.sound: "neigh"])],
  in: .drawing(
    place, from: [Word("here"), Word("upstairs", weight: 2), Word("out")],
    in: "The \(pet) is \(place). \(small2)"))

private let small2: Phrase = .choice([
  (5, "A \(pet) says \(pet, .sound)!"),
  (2, "Who is \(place)? \(.one(of: ["Only the \(pet).", "A \(pet), a \(pet)!", "None."]))"),
  (1, "Quiet."),
])

@Suite struct `A phrase` {
  @Test func `costs by hand what its choices cost`() {
    // A fair coin, one bit; two letters or four, and the word twice: 3 + 3 + 1 bytes on average.
    let words = [Word("ox"), Word("bear")]
    let twice: Phrase = .drawing(pet, from: words, in: "\(pet) \(pet)")
    #expect(twice.rate == EntropyRate(bits: 1, bytes: 7))

    // Weights 1, 1, 2: ¼·2 + ¼·2 + ½·1 = 1.5 bits; ¼·1 + ¼·2 + ½·3 = 2.25 bytes.
    let uneven: Phrase = .choice([(1, "a"), (1, "bb"), (2, "ccc")])
    #expect(uneven.rate == EntropyRate(bits: 1.5, bytes: 2.25))

    // Nested: one bit, and half of the time one more.
    let nested: Phrase = .one(of: ["x", .one(of: ["y", "z"])])
    #expect(nested.rate == EntropyRate(bits: 1.5, bytes: 1))
  }

  @Test func `has the entropy and the length that writing out every text gives`() {
    let all = derivations(of: small)
    #expect(all.count == 6 * 5)
    #expect(
      Set(all.map(\.0)).count == all.count, "the grammar of this test must be unambiguous")
    let bits = all.reduce(0.0) { $0 - $1.1 * log2($1.1) }
    let bytes = all.reduce(0.0) { $0 + $1.1 * Double($1.0.utf8.count) }
    #expect(abs(small.rate.bits - bits) < 1e-12)
    #expect(abs(small.rate.bytes - bytes) < 1e-12)
  }

  @Test func `books for every written text the surprise of that text`() {
    let chances = Dictionary(uniqueKeysWithValues: derivations(of: small))
    var generator = SplitMix64(seed: 3)
    for _ in 0..<500 {
      var draft = Draft()
      small.write(to: &draft, using: &generator)
      let chance = chances[draft.text] ?? 0
      #expect(abs(draft.bits + log2(chance)) < 1e-12, "\(draft.text)")
    }
  }

  @Test func `writes its texts as often as their chances say`() {
    let chances = derivations(of: small)
    var generator = SplitMix64(seed: 4)
    var counts: [String: Int] = [:]
    for _ in 0..<20_000 {
      var draft = Draft()
      small.write(to: &draft, using: &generator)
      counts[draft.text, default: 0] += 1
    }
    for (text, chance) in chances {
      let deviation = (20_000 * chance * (1 - chance)).squareRoot()
      #expect(abs(Double(counts[text] ?? 0) - 20_000 * chance) < 5 * deviation, "\(text)")
    }
  }
}
