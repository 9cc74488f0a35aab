import RL
import Tensors
import TestSupport
import Testing

@Suite struct `Advantages` {
  private let score = AdvantageRule.scored(.population, epsilon: 0)

  private func rewards(_ correct: Int, of count: Int) -> [Double] {
    (0..<count).map { $0 < correct ? 1 : 0 }
  }

  // c right answers of G: √((G − c)/c) and −√(c/(G − c)).
  @Test(arguments: [
    (1, 8, 2.646, -0.378), (2, 8, 1.732, -0.577), (4, 8, 1, -1), (7, 8, 0.378, -2.646),
    (1, 16, 3.873, -0.258),
  ])
  func `of right and wrong answers are the published constants`(
    _ correct: Int, _ count: Int, _ right: Double, _ wrong: Double
  ) {
    let found = score(rewards(correct, of: count))
    #expect(abs(found[0] - right) < 5e-4)
    #expect(abs(found[count - 1] - wrong) < 5e-4)
    #expect(abs(found.reduce(0, +)) < 1e-12)
  }

  @Test(arguments: [(8, 0.935), (16, 0.968)])
  func `shrink by a known factor with the sample deviation`(_ count: Int, _ factor: Double) {
    let sample = AdvantageRule.scored(.sample, epsilon: 0)
    let ratio = sample(rewards(1, of: count))[0] / score(rewards(1, of: count))[0]
    #expect(abs(ratio - factor) < 5e-4)
  }

  @Test func `divide by the deviation and a little more`() {
    let found = AdvantageRule.scored(.population, epsilon: 0.5)([1, 0, 1, 0])
    #expect(found == [0.5, -0.5, 0.5, -0.5])
  }

  // Trap 4: divided by ε, a rounding of 1e-9 would become an advantage of 1e-5, and 0/0 is NaN.
  @Test(arguments: [[1.0, 1, 1, 1], [0, 0, 0, 0], [0.3, 0.3 + 1e-9, 0.3, 0.3]])
  func `are exactly zero when all rewards are equal but for rounding`(_ rewards: [Double]) {
    for rule in [score, .scored(.sample, epsilon: 1e-4), .centred] {
      #expect(rule(rewards) == [0, 0, 0, 0])
      #expect(!rule.isLive(rewards))
    }
  }

  @Test func `without the deviation are what a reward exceeds the mean by`() {
    #expect(AdvantageRule.centred([1, 0, 0, 0]) == [0.75, -0.25, -0.25, -0.25])
  }

  @Test func `weigh hard and easy prompts alike only without the deviation`() {
    // 1/√(p (1 − p)) is 2.3 times as large at p = .05 as at p = .5.
    let hard = rewards(1, of: 20)
    let even = rewards(10, of: 20)
    func weight(_ rule: AdvantageRule, _ rewards: [Double]) -> Double {
      let found = rule(rewards)
      return found[0] - found[19]
    }
    #expect(abs(weight(score, hard) / weight(score, even) - 2.294) < 1e-3)
    #expect(abs(weight(.centred, hard) / weight(.centred, even) - 1) < 1e-12)
  }

  @Test func `of REINFORCE are the rewards, and of rejection sampling the accepted`() {
    #expect(AdvantageRule.reward([1, -0.5, 1]) == [1, -0.5, 1])
    #expect(AdvantageRule.reward.isLive([1, 1]))
    #expect(!AdvantageRule.reward.isLive([0, 0]))
    let accepted = AdvantageRule.accepted(from: 0.5)
    #expect(accepted([1, 0.4, 0.5]) == [1, 0, 1])
    #expect(accepted.isLive([1, 1]) && !accepted.isLive([0.2, 0]))
  }

  @Test func `of a group are those of the rewards less what long answers lose`() {
    let punishment = OverlongPunishment(limit: 20, zone: 4)
    #expect(
      [5, 16, 17, 18, 20, 25].map(punishment.callAsFunction) == [0, 0, -0.25, -0.5, -1, -1])
    var objective = Objective(advantage: .centred, weight: .sequenceMean)
    let group = ResponseGroup(lengths: [5, 18], rewards: [1, 1])
    #expect(!objective.isLive(group))
    objective.overlong = punishment
    #expect(objective.isLive(group))
    #expect(objective.advantages(of: group) == [0.25, -0.25])
  }
}

extension ResponseGroup {
  /// Responses of given lengths whose tokens do not matter.
  init(lengths: [Int], rewards: [Double], truncated: Set<Int> = []) {
    self.init(
      prompt: [1],
      responses: lengths.enumerated().map { index, length in
        Response(
          tokens: [Int](repeating: 1, count: length),
          logProbabilities: [Float](repeating: -1, count: length),
          isTruncated: truncated.contains(index))
      }, rewards: rewards)
  }
}
