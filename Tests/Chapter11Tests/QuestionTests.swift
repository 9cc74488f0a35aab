import RL
import SmallR1
import Tensors
import Testing
import Text

@Suite struct `A question` {
  @Test func `is written in its tongue, and so is its answer`() {
    let digits = [3, 7, 1, 9]
    let asked = Question.Kind.allCases.map { Question($0, digits, in: .digits) }
    #expect(asked.map(\.prompt) == ["3719+", "s3719", ":3719", "?3719"])
    #expect(asked.map(\.answer) == ["0", "1379", "3719", nil])
    let letters = Question.Kind.allCases.map { Question($0, digits, in: .letters) }
    #expect(letters.map(\.prompt) == ["dhbj+", "sdhbj", ":dhbj", "?dhbj"])
    #expect(letters.map(\.answer) == ["a", "bdhj", "dhbj", nil])
    #expect(asked[0].steps == [3, 3, 7, 0, 1, 1, 9, 0])
  }

  @Test func `is answered in its own tongue or wrongly`() {
    let question = Question(.sum, [3, 7, 1, 9], in: .letters)
    #expect(question.judge("a") && !question.judge("0") && !question.judge("aa"))
    let request = Question(.request, [1, 2, 3, 4], in: .digits)
    #expect(!request.judge("567") && !request.judge(""))
  }

  // A translation of a training question would be a leak.
  @Test func `is held out in both tongues or in neither`() {
    var generator = SplitMix64(seed: 1)
    var held = 0
    for _ in 0..<2000 {
      let digits = (0..<6).map { _ in Draw.below(10, using: &generator) }
      let both = Tongue.allCases.map { Question(.sum, digits, in: $0).isHeldOut }
      #expect(both[0] == both[1])
      held += both[0] ? 1 : 0
    }
    // A sixteenth of 2000 is 125, with a deviation of 11.
    #expect((80...170).contains(held))
  }

  @Test func `of a mix is never held out, and of an examination always`() {
    var generator = SplitMix64(seed: 2)
    for mix in [QuestionMix.base(), .plain, .requests, .sums(6...7)] {
      for _ in 0..<300 { #expect(!mix.question(using: &generator).isHeldOut) }
    }
    for kind in Question.Kind.allCases {
      let questions = QuestionMix.heldOut(kind, size: 4, count: 50)
      #expect(questions.count == 50 && questions.allSatisfy(\.isHeldOut))
      #expect(Set(questions.map(\.digits)).count == 50)
      #expect(questions.count { $0.tongue == .letters } == 25)
      #expect(questions == QuestionMix.heldOut(kind, size: 4, count: 50))
      #expect(questions != QuestionMix.heldOut(kind, size: 4, count: 50, seed: 1))
    }
  }

  @Test func `of a small family is examined as often as there are questions`() {
    let questions = QuestionMix.heldOut(.sum, size: 2, count: 50)
    #expect((1..<50).contains(questions.count))
    #expect(Set(questions.map(\.digits)).count == questions.count)
  }

  @Test func `is written with one token a character`() {
    let alphabet = TaskAlphabet.bilingual
    #expect(alphabet.tokenizer.vocabularySize == 33)
    for kind in Question.Kind.allCases {
      for tongue in Tongue.allCases {
        let prompt = Question(kind, [9, 0, 5], in: tongue).prompt
        let tokens = alphabet.prompt(prompt)
        #expect(tokens.count == prompt.count + 3)
        #expect(alphabet.tokenizer.decode(tokens).contains(prompt))
      }
    }
  }
}

@Suite struct `The text of a base` {
  private func thoughts(_ habits: BaseHabits, count: Int) -> [(Question, JudgedReply)] {
    let mix = QuestionMix([.init(.sum, size: 6, thinking: 1)])
    var source = BilingualSource(mix, habits: habits, sequences: 1, length: 60, seed: 4)
    return (0..<count).map { _ in
      let example = source.example()
      let text = TaskAlphabet.bilingual.tokenizer.decode(Array(example.prompt[2...7]))
      let tongue: Tongue = text.contains { $0.isLetter } ? .letters : .digits
      let question = Question(
        .sum, text.utf8.compactMap { Tongue.reading($0)?.digit }, in: tongue)
      let response = Response(
        tokens: example.response, logProbabilities: example.response.map { _ in 0 },
        isTruncated: false)
      return (question, JudgedReply(response, to: question, in: .bilingual))
    }
  }

  @Test func `mixes tongues as it is told`() {
    var habits = BaseHabits()
    (habits.damage, habits.retries) = (0, 0)
    let all = thoughts(habits, count: 3000).map(\.1)
    #expect(all.allSatisfy { $0.isRight && $0.verdict.isThinking })
    let own = Double(all.count { $0.consistency == 1 }) / 3000
    let foreign = Double(all.count { $0.consistency == 0 }) / 3000
    #expect(abs(own - 0.6) < 0.04 && abs(foreign - 0.2) < 0.03)
    // What changes on the way does so between two pairs, wherever it may.
    let shares = Set(all.map { Int(($0.consistency * 6).rounded()) })
    #expect(shares == Set(0...6))
  }

  @Test func `notices a wrong sum at once and begins again`() {
    var habits = BaseHabits()
    (habits.damage, habits.retries, habits.matching, habits.foreign) = (0, 1, 1, 0)
    for (question, reply) in thoughts(habits, count: 200) {
      let parts = (reply.verdict.thought ?? "").split(separator: ";").map(String.init)
      #expect(parts.count == 2 && reply.isRight)
      let whole = question.tongue.writing(question.steps)
      #expect(parts.last == whole)
      let start = parts[0]
      #expect(start.count % 2 == 0 && whole.hasPrefix(start.dropLast()))
      #expect(start.last != whole.dropFirst(start.count - 1).first)
    }
  }

  @Test func `is spoilt in three ways that no judge takes for right`() {
    var habits = BaseHabits()
    (habits.damage, habits.retries) = (1, 0)
    let all = thoughts(habits, count: 600).map(\.1)
    let faults = Set(all.compactMap(\.verdict.fault))
    #expect(faults == [.endlessThought, .emptyAnswer])
    // A wrong last step is now and then right by chance.
    #expect(all.count(where: \.isRight) < 50)
  }

  @Test func `is the same for one seed and another for the next`() {
    let plan = BilingualBase.plan
    var (one, same) = (BilingualBase.examples(plan), BilingualBase.examples(plan))
    var other = BilingualSource(.base(), sequences: 128, length: 48, seed: 1)
    let batch = one.next()
    #expect(batch == same.next() && batch != other.next())
    #expect(one.fingerprint == other.fingerprint)
    #expect(
      one.fingerprint
        != BilingualSource(.plain, sequences: 128, length: 48, seed: 0).fingerprint)
  }
}
