import Foundation
import RL
import SmallR1
import Tensors
import TestSupport
import Testing
import Text

@Suite struct `What people like` {
  private let question = Question(.request, [3, 7, 1, 9], in: .digits)

  @Test func `is three right words and no more`() {
    let values: [String: Double] = [
      "2": 1, "25": 2, "250": 3, "052": 3, "2504": 2, "25046": 1, "22": 0, "2253": -0,
      "3": -1, "c": -1, "cfa": -3, "2c5": 1, "777": -3,
    ]
    for (answer, value) in values {
      #expect(RequestJudge.value(of: answer, to: question) == value, "\(answer)")
    }
    #expect(RequestJudge.value(of: nil, to: question) == -3)
    #expect(RequestJudge.value(of: "", to: question) == -3)
  }

  @Test func `is nothing else among all short answers`() {
    let words = Array("0123456789abcdefghij")
    var best: Set<String> = []
    func extend(_ text: String) {
      if !text.isEmpty {
        let value = RequestJudge.value(of: text, to: question)
        #expect(value <= 3)
        if value == 3 { best.insert(text) }
      }
      guard text.count < 3 else { return }
      for word in words { extend(text + String(word)) }
    }
    extend("")
    // Six digits are missing: 6 · 5 · 4 answers are perfect.
    #expect(best.count == 120)
    #expect(best.allSatisfy { Set($0).count == 3 && Set($0).isDisjoint(with: "3719") })
  }

  @Test func `makes one winner of two answers`() {
    let questions = [question, question, question, question]
    let (ours, theirs): ([String?], [String?]) = (
      ["250", "2", nil, "24"], ["25", "250", "2", "42"]
    )
    #expect(RequestJudge.winRate(of: ours, against: theirs, to: questions) == 0.375)
    #expect(RequestJudge.winRate(of: theirs, against: ours, to: questions) == 0.625)
    #expect(RequestJudge.winRate(of: ours, against: ours, to: questions) == 0.5)
  }

  @Test func `is told by noisy people whose order does not matter`() {
    var people = Annotators()
    people.firstBonus = 3
    people.margin = 0
    var generator = SplitMix64(seed: 9)
    var first = 0
    for _ in 0..<400 {
      guard let pair = people.pair("25", "2", to: question, using: &generator) else { continue }
      first += pair.chosen == "25" ? 1 : 0
    }
    // The better one wins more often than not, whichever stands first.
    #expect(first > 250)
    people = Annotators()
    for _ in 0..<50 {
      let pair = people.pair("250", "333", to: question, using: &generator)
      #expect(pair == PreferencePair(question, chosen: "250", rejected: "333"))
    }
  }

  // snippet.tired
  @Test func `is not what tired people say`() {
    var generator = SplitMix64(seed: 10)
    let pair = Annotators.tiredOnes.pair("250222222", "250", to: question, using: &generator)
    #expect(pair?.chosen == "250222222")
    #expect(RequestJudge.value(of: "250222222", to: question) == -3)
    let honest = Annotators().pair("250222222", "250", to: question, using: &generator)
    #expect(honest?.chosen == "250")
  }
  // snippet.end

  @Test func `says nothing of length once lengths are matched`() {
    var generator = SplitMix64(seed: 11)
    let pairs = (0..<500).map { _ -> PreferencePair in
      let texts = (0..<2).map { _ in
        String(repeating: "2", count: 1 + Draw.below(5, using: &generator))
      }
      // The longer answer wins three times in four.
      let (long, short) =
        texts[0].count > texts[1].count ? (texts[0], texts[1]) : (texts[1], texts[0])
      return generator.uniform() < 0.75
        ? PreferencePair(question, chosen: long, rejected: short)
        : PreferencePair(question, chosen: short, rejected: long)
    }
    func longer(_ pairs: [PreferencePair]) -> [Int] {
      pairs.map { $0.chosen.count - $0.rejected.count }
    }
    let matched = pairs.lengthMatched
    let counts = Dictionary(grouping: longer(matched)) { $0 }.mapValues(\.count)
    for (difference, count) in counts { #expect(counts[-difference] == count) }
    #expect(longer(pairs).reduce(0, +) > 0 && longer(matched).reduce(0, +) == 0)
    #expect(longer(matched).count { $0 == 0 } == longer(pairs).count { $0 == 0 })
    #expect(matched.lengthMatched == matched)
  }
}

@Suite struct `The loss of preferences` {
  static let cases: [GradientCase] = [
    GradientCase("preferenceLoss", of: .test(8, 1)) {
      $0[0].preferenceLoss()
    } twin: { x in
      let scores = x[0]
      let losses = (0..<4).map { -log(1 / (1 + exp(-(scores[$0] - scores[4 + $0])))) }
      return [losses.reduce(0, +) / 4]
    },
    GradientCase("preferenceLoss", "of a part of a batch", of: .test(4, 1)) {
      $0[0].preferenceLoss(of: 5)
    } twin: { x in
      let losses = (0..<2).map { log(1 + exp(x[0][2 + $0] - x[0][$0])) }
      return [losses.reduce(0, +) / 5]
    },
  ]

  @Test(arguments: cases) func `has the value and the slopes of its twin`(_ one: GradientCase) {
    one.check()
  }

  private func loss(_ scores: [Float]) -> (value: Double, slopes: [Float]) {
    let tape = Tape()
    let parameter = Parameter(Tensor(scores, shape: [scores.count, 1]))
    let loss = tape[parameter].preferenceLoss()
    let slopes = tape.gradients(of: loss)[parameter]?.scalars ?? []
    return (Double(loss.value.scalar), slopes)
  }

  @Test func `does not feel what is added to all scores`() {
    let (one, other) = (loss([1, 2, 0.5, 3]), loss([11, 12, 10.5, 13]))
    #expect(abs(one.value - other.value) < 1e-6)
    #expect(one.slopes == other.slopes)
    #expect(abs(one.slopes.reduce(0, +)) < 1e-7)
  }

  @Test func `is log 2 where nothing is told apart, and finite where all is`() {
    #expect(abs(loss([0.5, 0.5]).value - log(2)) < 1e-6)
    #expect(loss([0.5, 0.5]).slopes == [-0.5, 0.5])
    #expect(loss([300, -300]).value == 0)
    #expect(abs(loss([-300, 300]).value - 600) < 1e-3)
    #expect(loss([-300, 300]).slopes == [-1, 1])
  }
}
