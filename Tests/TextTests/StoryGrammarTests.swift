import Tensors
import Testing
import Text

/// The texts of a phrase as a graph: a state reads a byte, or moves without reading.
private struct Automaton {
  var reads: [[(byte: UInt8, to: Int)]] = []
  var moves: [[Int]] = []

  mutating func state() -> Int {
    reads.append([])
    moves.append([])
    return reads.count - 1
  }

  /// Adds the phrase from a state on and returns its last state.
  ///
  /// A mention may be any of its slot's words, whatever was said before: more texts than the grammar has,
  /// so what holds here holds there.
  mutating func add(_ phrase: Phrase, from start: Int, words: [Slot: [Word]]) -> Int {
    switch phrase {
    case .literal(let text):
      var current = start
      for byte in text.utf8 {
        let next = state()
        reads[current].append((byte, next))
        current = next
      }
      return current
    case .mention(let slot, let form):
      return add(.one(of: forms(words[slot] ?? [], form)), from: start, words: words)
    case .sequence(let parts):
      return parts.reduce(start) { add($1, from: $0, words: words) }
    case .choice(let alternatives):
      let end = state()
      for alternative in alternatives {
        let first = state()
        moves[start].append(first)
        let last = add(alternative.phrase, from: first, words: words)
        moves[last].append(end)
      }
      return end
    case .drawing(let slot, let choices, let body):
      var inner = words
      inner[slot] = choices
      return add(body, from: start, words: inner)
    }
  }

  func closure(_ state: Int) -> [Int] {
    var found = [state]
    var next = 0
    while next < found.count {
      found += moves[found[next]].filter { !found.contains($0) }
      next += 1
    }
    return found
  }
}

/// The different texts that a form of these words has.
private func forms(_ words: [Word], _ form: Form) -> [Phrase] {
  Set(words.map { $0[form] }).sorted().map { .literal($0) }
}

/// Whether some text of one phrase begins, or is, a text of the other.
private func collide(_ left: Phrase, _ right: Phrase, words: [Slot: [Word]]) -> Bool {
  var automaton = Automaton()
  let starts = (automaton.state(), automaton.state())
  let ends = (
    automaton.add(left, from: starts.0, words: words),
    automaton.add(right, from: starts.1, words: words)
  )
  struct Pair: Hashable { let left: Int, right: Int }
  var open = [Pair(left: starts.0, right: starts.1)]
  var seen = Set(open)
  while let pair = open.popLast() {
    let lefts = automaton.closure(pair.left)
    let rights = automaton.closure(pair.right)
    if lefts.contains(ends.0) || rights.contains(ends.1) { return true }
    for one in lefts.flatMap({ automaton.reads[$0] }) {
      for other in rights.flatMap({ automaton.reads[$0] }) where one.byte == other.byte {
        let next = Pair(left: one.to, right: other.to)
        if seen.insert(next).inserted { open.append(next) }
      }
    }
  }
  return false
}

/// All reasons why a text of the phrase might be readable in two ways.
///
/// None: then, by induction, every phrase is a prefix code. At each choice the letters tell which alternative was
/// taken and where it ends, and every drawn word is named by a form that no other word has.
private func ambiguities(of phrase: Phrase, words: [Slot: [Word]] = [:]) -> [String] {
  func clashes(_ alternatives: [Phrase]) -> [String] {
    alternatives.indices.flatMap { one in
      (0..<one).compactMap { other in
        collide(alternatives[one], alternatives[other], words: words)
          ? "\(alternatives[other]) | \(alternatives[one])" : nil
      }
    }
  }
  switch phrase {
  case .literal: return []
  case .mention(let slot, let form): return clashes(forms(words[slot] ?? [], form))
  case .sequence(let parts): return parts.flatMap { ambiguities(of: $0, words: words) }
  case .choice(let alternatives):
    let phrases = alternatives.map(\.phrase)
    return clashes(phrases) + phrases.flatMap { ambiguities(of: $0, words: words) }
  case .drawing(let slot, let choices, let body):
    var inner = words
    inner[slot] = choices
    let named = names(slot, choices, in: body) ? [] : ["\(slot) is not always named"]
    return named + ambiguities(of: body, words: inner)
  }
}

/// Whether every text mentions the slot in a form that differs for all of its words.
private func names(_ slot: Slot, _ choices: [Word], in phrase: Phrase) -> Bool {
  switch phrase {
  case .literal: false
  case .mention(let mentioned, let form):
    mentioned == slot && forms(choices, form).count == choices.count
  case .sequence(let parts): parts.contains { names(slot, choices, in: $0) }
  case .choice(let alternatives):
    alternatives.allSatisfy { names(slot, choices, in: $0.phrase) }
  case .drawing(_, _, let body): names(slot, choices, in: body)
  }
}

@Suite struct `The story grammar` {
  @Test func `lets every story be read back in one way only`() {
    #expect(ambiguities(of: StoryGrammar.story) == [])
  }

  @Test func `would be caught if it were ambiguous`() {
    let thing = Slot("thing")
    let alike = [Word("ant", [.kind: "an insect"]), Word("fly", [.kind: "an insect"])]
    let prefix: Phrase = .one(of: ["a\(.one(of: ["b", "c"]))", "acd"])
    let unnamed: Phrase = .drawing(thing, from: alike, in: "Look, \(thing, .kind)!")
    let optional: Phrase = .drawing(
      thing, from: alike, in: .one(of: ["x \(thing)", "y \(thing, .kind)"]))
    let clear: Phrase = .drawing(thing, from: alike, in: "\(thing, .kind), \(thing)")
    #expect(ambiguities(of: prefix).count == 1)
    #expect(ambiguities(of: unnamed).count == 1)
    #expect(ambiguities(of: optional).count == 1)
    #expect(ambiguities(of: clear) == [])
  }

  @Test func `tells stories of a readable length in plain ASCII`() {
    var generator = SplitMix64(seed: 11)
    for _ in 0..<2_000 {
      let story = DocumentSource.document(.story, using: &generator).text
      #expect(story.utf8.allSatisfy { $0 == 10 || (32..<127).contains($0) })
      #expect((120...700).contains(story.utf8.count), "\(story)")
      #expect(story.hasSuffix(".\n\n") && !story.dropLast(2).contains("\n"))
      #expect(!story.contains("  ") && !story.contains(" ."))
    }
  }

  @Test func `keeps to its hero and finds the thing that was lost`() throws {
    var generator = SplitMix64(seed: 12)
    var losses = 0
    for _ in 0..<500 {
      let story = DocumentSource.document(.story, using: &generator).text
      let words = story.split { !$0.isLetter }.map { $0.lowercased() }
      let isGirl = words.contains("girl")
      #expect(isGirl != words.contains("boy"))
      let wrong: Set = isGirl ? ["he", "him", "his"] : ["she", "her"]
      #expect(wrong.isDisjoint(with: words), "\(story)")

      guard let lost = story.firstMatch(of: /lost (?:his|her) (\w+ [a-z ]+)\./) else {
        continue
      }
      losses += 1
      #expect(story.contains("there was the \(lost.1),"), "\(story)")
    }
    #expect(losses > 100)
  }
}
