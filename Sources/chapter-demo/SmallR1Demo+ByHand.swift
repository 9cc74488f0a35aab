import CommandLine
import Figures
import Foundation
import RL
import SmallR1
import Tensors

extension SmallR1Demo {
  /// What four responses to one question are paid by two rules.
  mutating func payByHand() {
    let alphabet = TaskAlphabet.bilingual
    let question = Question(.sum, [1, 9, 2], in: .letters)
    Console.print("Four responses to \(question.prompt), and what the rules pay")
    let responses: [(key: String, thought: String?, answer: String)] = [
      ("pure", "bbjacc=c", "c"), ("mixed", "bb90cc=c", "c"), ("wrong", "bbjacd=d", "d"),
      ("direct", nil, "c"),
    ]
    for (key, thought, answer) in responses {
      let tokens = alphabet.response(thought: thought, answer: answer)
      let reply = JudgedReply(
        RL.Response(
          tokens: tokens, logProbabilities: tokens.map { _ in 0 }, isTruncated: false),
        to: question, in: alphabet)
      let (plain, consistent) = (StageReward.accuracy(reply), StageReward.consistent(reply))
      note("hand.\(key).consistency", reply.consistency)
      note("hand.\(key).accuracy", plain)
      note("hand.\(key).reward", consistent)
      report(
        "\(thought ?? "–"), \(answer)",
        "consistency \(Self.digits(reply.consistency, 3)), accuracy \(Self.digits(plain, 0)), "
          + "with form and language \(Self.digits(consistent, 3))")
    }
    note("hand.format-weight", StageReward.consistent.formatWeight)
    note("hand.language-weight", StageReward.consistent.languageWeight)
    Console.print()
  }

  /// The advantages in a group of which nobody is right, for weights of the language.
  mutating func compareGroups() {
    Console.print("Three wrong answers with shares of 1, ½ and 0: advantages by the weight")
    for weight in [0, 0.001, 0.5, 1] {
      let rewards = [1, 0.5, 0].map { weight * $0 }
      let rule = AdvantageRule.scored(.population)
      let isLive = rule.isLive(rewards)
      let advantages = isLive ? rule(rewards) : [0, 0, 0]
      note("hand.group.\(Int((1000 * weight).rounded()))", advantages[0])
      report(
        "w = \(weight)",
        isLive
          ? advantages.map { Self.signed($0) }.joined(separator: " ") : "a dead group")
    }
    Console.print()
  }

  /// Loss and slope of a pair, by how far the chosen answer leads.
  mutating func comparePairs() {
    Console.print("A pair whose chosen answer leads: the chance, the loss and the slope")
    for (key, lead) in [("-2", -2), ("0", 0), ("log3", log(3)), ("4", 4.0)] {
      let tape = Tape()
      let scores = Parameter(Tensor([Float(lead), 0], shape: [2, 1]))
      let loss = tape[scores].preferenceLoss()
      let value = Double(loss.value.scalar)
      let slope = tape.gradients(of: loss)[scores].map { Double($0.scalars[0]) } ?? 0
      let chance = RewardModel.payment(for: Float(lead))
      note("hand.pair.\(key).chance", chance)
      note("hand.pair.\(key).loss", value)
      note("hand.pair.\(key).slope", slope)
      report(
        "lead \(Self.signed(lead, 2))",
        "\(Self.digits(chance, 3)), \(Self.digits(value, 3)), \(Self.signed(slope))")
    }
    Console.print()
  }

  /// pass@k and cons@k of few samples, and of many with one kind of error or with many kinds.
  mutating func countVotes() {
    let few = ["c", "c", "c", "d", "d", "e", nil, nil]
    Console.print("Eight samples: three say c, which is right, two d, one e, and two nothing")
    for k in [1, 2, 4, 8] {
      let pass = PassRate.atLeastOne(of: k, right: 3, among: few.count)
      let vote = PassRate.consensus(of: few, taking: k) { $0 == "c" }
      note("hand.votes.\(k).pass", pass)
      note("hand.votes.\(k).cons", vote)
      report("k = \(k)", "pass@k \(Self.digits(pass, 3)), cons@k \(Self.digits(vote, 3))")
    }
    Console.print()
    drawVotes()
  }

  private mutating func drawVotes() {
    // 26 of 64 samples are right; the other 38 differ in how they are wrong.
    let right = 26
    let spread = (0..<64).map { $0 < right ? "r" : "\($0 % 9)" }
    let sure = (0..<64).map { $0 < right ? "r" : $0 < 56 ? "w" : "\($0 % 8)" }
    let counts = [1, 2, 4, 8, 16, 32, 64]
    func points(_ answers: [String]) -> [(x: Double, y: Double)] {
      counts.map { k in
        (Double(k), PassRate.consensus(of: answers, taking: k) { $0 == "r" })
      }
    }
    note("votes.right", Double(right) / 64)
    note("votes.spread.32", points(spread)[5].y)
    note("votes.sure.32", points(sure)[5].y)
    draw(
      "votes",
      LineChart(
        title: "A vote makes the commonest answer surer, right or wrong",
        description:
          "cons@k over k on a logarithmic axis, for two models of which 26 of 64 samples are right. "
          + "Where errors are spread over nine other answers the vote rises to one. Where 30 samples "
          + "agree on one error it falls to zero. pass@k is the same for both and rises to one.",
        xLabel: "samples", yLabel: "share", xScale: .logarithmic,
        series: [
          .init(
            "errors of many kinds, cons@k", points(spread), ink: .series(0), hasMarkers: true),
          .init("one error, cons@k", points(sure), ink: .series(1), hasMarkers: true),
          .init(
            "pass@k",
            counts.map { k in
              (Double(k), PassRate.atLeastOne(of: k, right: right, among: 64))
            }, ink: .series(2), hasMarkers: true),
        ], yIncludes: [0, 1]))
  }
}
