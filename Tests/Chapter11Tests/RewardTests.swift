import RL
import SmallR1
import Tensors
import Testing
import Text

@Suite struct `The rules of a stage` {
  private let question = Question(.sum, [3, 7, 1, 9], in: .digits)
  private let rule = StageReward.consistent

  private func reward(_ text: String) -> Double { rule(JudgedReply(text, to: question)) }

  @Test func `pay accuracy, form and language apart`() {
    let (form, language) = (rule.formatWeight, rule.languageWeight)
    #expect(reward("(33701190=0)0.") == 1 + form + language)
    #expect(reward("(33701190)0.") == 1 + language)
    #expect(reward("(ddhabbja=0)0.") == 1 + form + language / 9)
    #expect(reward("(ddhabbja)0.") == 1)
    #expect(reward("(33701180=9)9.") == form + language)
    #expect(reward("0.") == 1)
    #expect(reward("5.") == 0)
    #expect(StageReward.accuracy(JudgedReply("(ddhabbja)0.", to: question)) == 1)
  }

  // Trap 8: the cheapest thought must not be the best paid one.
  // snippet.silence
  @Test func `pay nothing for a thought without words`() {
    #expect(reward("()5.") == 0)
    #expect(reward("(;;)5.") == 0)
    #expect(reward("()0.") == 1)
    #expect(JudgedReply("()0.", to: question).consistency == 0)
    #expect(!JudgedReply("()0.", to: question).isReadable)
  }
  // snippet.end

  @Test func `pay nothing for a response in the wrong form`() {
    for text in ["(33701190=0)0", "(33701190=0.", "33)0.", "(33(70)0.", "(33)0.5", "(33)0=."] {
      #expect(reward(text) == 0)
    }
  }

  @Test func `pay any right answer more than any wrong one`() {
    let best = rule.formatWeight + rule.languageWeight
    #expect(best < 1)
    var generator = SplitMix64(seed: 5)
    let alphabet = TaskAlphabet.bilingual
    for _ in 0..<3000 {
      // Random tokens, the frame more often than not.
      var tokens = (0..<Draw.below(9, using: &generator)).map { _ in
        Draw.below(alphabet.tokenizer.vocabularySize, using: &generator)
      }
      if generator.uniform() < 0.7 {
        tokens = [alphabet.think] + tokens + [alphabet.endThink]
        tokens.append(alphabet.encode("\(Draw.below(10, using: &generator))")[0])
      }
      if generator.uniform() < 0.8 { tokens.append(alphabet.end) }
      guard !tokens.isEmpty else { continue }
      let reply = JudgedReply(
        Response(tokens: tokens, logProbabilities: tokens.map { _ in 0 }, isTruncated: false),
        to: question, in: alphabet)
      let paid = rule(reply)
      #expect(paid.isFinite && (0...1 + best).contains(paid))
      #expect(reply.isRight ? paid >= 1 : paid <= best)
      #expect(reply.verdict.isValid || paid == 0)
    }
  }

  @Test func `want the question's tongue, whichever it is`() {
    let other = Question(.sum, [3, 7, 1, 9], in: .letters)
    #expect(rule(JudgedReply("(ddhabbja=a)a.", to: other)) == reward("(33701190=0)0."))
    // The right number in the wrong tongue is no right answer.
    #expect(rule(JudgedReply("(ddhabbja=0)0.", to: other)) < 1)
  }

  @Test func `call readable what is in one tongue and summed up`() {
    #expect(JudgedReply("(33701190=0)0.", to: question).isReadable)
    #expect(JudgedReply("(34;33701190=0)0.", to: question).isReadable)
    for text in ["(33701190)0.", "(3370bbja=0)0.", "(33701190=1)0.", "0.", "(=0)5."] {
      #expect(!JudgedReply(text, to: question).isReadable)
    }
  }

  @Test func `measure consistency among those that think`() {
    let replies = ["(3370)0.", "(ddha)0.", "0.", "(33ha)0."].map {
      JudgedReply($0, to: question)
    }
    #expect(replies.consistency == 0.5)
    #expect(replies[2...2].consistency == nil)
  }
}
