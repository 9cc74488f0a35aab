import RL
import SmallR1
import Tensors
import TestSupport
import Testing
import Text

@Suite struct `A vote of k among n samples` {
  /// cons@k by trying all choices of k.
  private func tried(_ answers: [String?], _ k: Int, _ isRight: (String) -> Bool) -> Double {
    var (sum, count) = (0.0, 0)
    for chosen in 0..<1 << answers.count where chosen.nonzeroBitCount == k {
      let some = answers.indices.filter { chosen >> $0 & 1 == 1 }.map { answers[$0] }
      sum += PassRate.consensus(of: some, isRight: isRight)
      count += 1
    }
    return sum / Double(count)
  }

  @Test func `is the mean over all choices`() {
    var generator = SplitMix64(seed: 6)
    for _ in 0..<120 {
      let n = 1 + Draw.below(9, using: &generator)
      let kinds = 1 + Draw.below(4, using: &generator)
      let answers = (0..<n).map { _ -> String? in
        let kind = Draw.below(kinds + 1, using: &generator)
        return kind == kinds ? nil : "\(kind)"
      }
      // Now and then two different answers are right, as 7 and 07 might be.
      let right: Set<String> = generator.uniform() < 0.3 ? ["0", "1"] : ["0"]
      for k in 1...n {
        let found = PassRate.consensus(of: answers, taking: k, isRight: right.contains)
        #expect(abs(found - tried(answers, k, right.contains)) < 1e-12)
      }
    }
  }

  @Test func `is worked by hand`() {
    // Of {7, 7, 3} two are taken: {7, 7} once and {7, 3} twice, a tie: (1 + ½ + ½) / 3.
    let answers = ["7", "7", "3"]
    #expect(abs(PassRate.consensus(of: answers, taking: 2) { $0 == "7" } - 2.0 / 3) < 1e-15)
    #expect(PassRate.consensus(of: answers, taking: 3) { $0 == "7" } == 1)
    #expect(PassRate.consensus(of: answers, taking: 3) { $0 == "3" } == 0)
    #expect(PassRate.consensus(of: [nil, nil, "7"], taking: 1) { $0 == "7" } == 1.0 / 3)
    #expect(PassRate.consensus(of: [nil, nil], taking: 2) { _ in true } == 0)
  }

  @Test func `of one and of two samples is pass@1, and never beats pass@k`() {
    var generator = SplitMix64(seed: 7)
    for _ in 0..<60 {
      let answers = (0..<16).map { _ in "\(Draw.below(5, using: &generator))" }
      let right = answers.count { $0 == "0" }
      func vote(_ k: Int) -> Double {
        PassRate.consensus(of: answers, taking: k) { $0 == "0" }
      }
      let single = Double(right) / 16
      #expect(abs(vote(1) - single) < 1e-12)
      // Two votes that differ are a tie, so a second voter changes nothing.
      #expect(abs(vote(2) - single) < 1e-12)
      #expect(abs(vote(16) - PassRate.consensus(of: answers) { $0 == "0" }) < 1e-12)
      for k in 1...16 {
        #expect(vote(k) <= PassRate.atLeastOne(of: k, right: right, among: 16) + 1e-12)
      }
    }
  }

  @Test func `has no bias`() {
    // Answers 0, 1, 2 with chances .5, .3, .2; the truth of cons@5 by all 3⁵ votes.
    let chances = [0.5, 0.3, 0.2]
    var truth = 0.0
    for code in 0..<243 {
      let votes = (0..<5).map { place in (0..<place).reduce(code) { rest, _ in rest / 3 } % 3 }
      let chance = votes.reduce(1.0) { $0 * chances[$1] }
      truth += chance * PassRate.consensus(of: votes.map { "\($0)" }) { $0 == "0" }
    }
    var generator = SplitMix64(seed: 8)
    var sums = (own: 0.0, plain: 0.0)
    let rounds = 4000
    for _ in 0..<rounds {
      let answers = (0..<12).map { _ -> String? in
        let draw = generator.uniform()
        return draw < 0.5 ? "0" : draw < 0.8 ? "1" : "2"
      }
      sums.own += PassRate.consensus(of: answers, taking: 5) { $0 == "0" }
      sums.plain += PassRate.consensus(of: answers) { $0 == "0" }
    }
    #expect(abs(sums.own / Double(rounds) - truth) < 0.01)
    // A vote of all twelve is another number, not an estimate of this one.
    #expect(abs(sums.plain / Double(rounds) - truth) > 0.05)
  }

  @Test func `counts as many as a paper takes`() {
    // cons@64 of 64 samples in which the right answer has 20 votes and eleven others 4 each.
    let answers = (0..<64).map { $0 < 20 ? "right" : "wrong \($0 % 11)" }
    #expect(PassRate.consensus(of: answers, taking: 64) { $0 == "right" } == 1)
    let some = PassRate.consensus(of: answers, taking: 16) { $0 == "right" }
    #expect(some > 20.0 / 64 && some < 1)
  }
}
