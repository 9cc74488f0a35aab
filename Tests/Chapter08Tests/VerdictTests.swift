import RL
import Tensors
import Testing
import Text

/// The rules once more, in another way: a string of one letter a token, cut at its borders.
private func plainVerdict(_ tokens: [Int], _ alphabet: TaskAlphabet) -> (
  thought: String?, answer: String
)? {
  let letters = tokens.map { token -> Character in
    switch token {
    case alphabet.think: "("
    case alphabet.endThink: ")"
    case alphabet.end: "!"
    case alphabet.begin, alphabet.padding, alphabet.user, alphabet.assistant: "#"
    default: Character(alphabet.tokenizer.piece(of: token))
    }
  }
  let text = String(letters)
  guard text.last == "!", text.count(where: { $0 == "!" }) == 1 else { return nil }
  let body = String(text.dropLast())
  var parts = [body]
  if body.hasPrefix("(") {
    parts = body.dropFirst().split(separator: ")", omittingEmptySubsequences: false)
      .map(String.init)
    guard parts.count == 2 else { return nil }
  }
  guard !parts.joined().contains(where: { "(#)".contains($0) }) else { return nil }
  let answer = parts[parts.count - 1]
  guard !answer.isEmpty, answer.allSatisfy({ "0123456789".contains($0) }) else { return nil }
  return (parts.count == 2 ? parts[0] : nil, answer)
}

@Suite struct `A verdict` {
  private let alphabet = TaskAlphabet.standard
  private let item = TaskItem.digitSum([3, 7, 1, 9])

  private func verdict(_ text: String) -> Verdict {
    alphabet.parse(alphabet.tokenizer.encode(text))
  }

  @Test(
    arguments: [
      ("<think>33701190</think>0<｜end▁of▁sentence｜>", nil),
      ("0<｜end▁of▁sentence｜>", nil),
      ("<think></think>0<｜end▁of▁sentence｜>", nil),
      ("0", Verdict.Fault.truncated),
      ("", .truncated),
      ("<think>3370", .truncated),
      ("0<｜end▁of▁sentence｜>0", .continued),
      ("0<｜end▁of▁sentence｜><｜end▁of▁sentence｜>", .continued),
      ("<think>33701190<｜end▁of▁sentence｜>", .endlessThought),
      ("0<think>33</think>0<｜end▁of▁sentence｜>", .misplacedThought),
      ("<think>33<think>70</think>0<｜end▁of▁sentence｜>", .misplacedThought),
      ("<think>33</think>0</think>0<｜end▁of▁sentence｜>", .misplacedThought),
      ("33</think>0<｜end▁of▁sentence｜>", .misplacedThought),
      ("<think>3<｜User｜>3</think>0<｜end▁of▁sentence｜>", .illegalThought),
      ("<think>3<｜▁pad▁｜>3</think>0<｜end▁of▁sentence｜>", .illegalThought),
      ("<think>33</think><｜end▁of▁sentence｜>", .emptyAnswer),
      ("<｜end▁of▁sentence｜>", .emptyAnswer),
      ("<think>33</think>+0<｜end▁of▁sentence｜>", .illegalAnswer),
      ("1-0<｜end▁of▁sentence｜>", .illegalAnswer),
      ("<｜Assistant｜>0<｜end▁of▁sentence｜>", .illegalAnswer),
    ] as [(String, Verdict.Fault?)])
  func `names the rule that a response breaks`(_ text: String, _ fault: Verdict.Fault?) {
    #expect(verdict(text).fault == fault, "\(text)")
  }

  @Test
  func `pays a right answer with or without a thought, and never looks for one elsewhere`() {
    let rule = RewardRule()
    let paid = ["0<｜end▁of▁sentence｜>", "<think>9</think>000<｜end▁of▁sentence｜>"]
    for text in paid { #expect(rule.reward(verdict(text), for: item) == 1, "\(text)") }
    let unpaid = [
      "1<｜end▁of▁sentence｜>", "10<｜end▁of▁sentence｜>", "0",
      "<think>0</think>1<｜end▁of▁sentence｜>",
      "<think>0<｜end▁of▁sentence｜>", "0<｜end▁of▁sentence｜>0", "9;0<｜end▁of▁sentence｜>",
    ]
    for text in unpaid { #expect(rule.reward(verdict(text), for: item) == 0, "\(text)") }
  }

  @Test func `counts leading zeros in strings and not in numbers`() {
    let rule = RewardRule()
    let sorted = TaskItem.sorting([2, 0, 1])
    #expect(rule.reward(verdict("012<｜end▁of▁sentence｜>"), for: sorted) == 1)
    #expect(rule.reward(verdict("12<｜end▁of▁sentence｜>"), for: sorted) == 0)
    #expect(rule.reward(verdict("0125<｜end▁of▁sentence｜>"), for: .addition(62, 63)) == 1)
  }

  @Test func `pays the form by its weight, which is nothing unless asked for`() {
    let rule = RewardRule(formatWeight: 0.2)
    #expect(RewardRule().formatWeight == 0)
    #expect(rule.reward(verdict("<think>33</think>1<｜end▁of▁sentence｜>"), for: item) == 0.2)
    #expect(rule.reward(verdict("<think>33</think>0<｜end▁of▁sentence｜>"), for: item) == 1.2)
    #expect(rule.reward(verdict("0<｜end▁of▁sentence｜>"), for: item) == 1)
    #expect(rule.reward(verdict("<think></think>1<｜end▁of▁sentence｜>"), for: item) == 0)
    #expect(rule.reward(verdict("<think>33</think>0"), for: item) == 0)
  }

  @Test func `agrees with a plain oracle on twenty thousand adversarial strings`() {
    var generator = SplitMix64(seed: 11)
    let size = alphabet.tokenizer.vocabularySize
    var (valid, thinking) = (0, 0)
    for round in 0..<20_000 {
      // Half are noise, half a good response with up to three edits.
      var tokens: [Int]
      if round % 2 == 0 {
        let frame = [alphabet.think, alphabet.endThink, alphabet.end, 7, 8, 9]
        tokens = (0..<Int(generator.next() % 9)).map { _ in
          generator.next() % 4 == 0
            ? Int(generator.next() % UInt64(size)) : frame[Int(generator.next() % 6)]
        }
      } else {
        tokens = alphabet.response(thought: round % 4 == 1 ? item.thought : nil, answer: "0")
        for _ in 0..<generator.next() % 4 {
          let place = Int(generator.next() % UInt64(tokens.count))
          switch generator.next() % 3 {
          case 0: tokens[place] = Int(generator.next() % UInt64(size))
          case 1: tokens.insert(Int(generator.next() % UInt64(size)), at: place)
          default: if tokens.count > 1 { tokens.remove(at: place) }
          }
        }
      }
      let found = alphabet.parse(tokens)
      let expected = plainVerdict(tokens, alphabet)
      #expect(found.isValid == (expected != nil), "\(alphabet.tokenizer.decode(tokens))")
      #expect(found.answer == expected?.answer && found.thought == expected?.thought)
      valid += expected == nil ? 0 : 1
      thinking += expected?.thought == nil ? 0 : 1
    }
    #expect(valid > 2000 && thinking > 500, "the strings must not all be nonsense")
  }
}
