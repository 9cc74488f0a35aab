import Foundation
import RL
import Tensors
import Testing

@Suite struct `The rates of success` {
  /// C(n, k) by Pascal's rule, in whole numbers.
  private func choose(_ n: Int, _ k: Int) -> Int {
    k == 0 || k == n ? 1 : k > n ? 0 : choose(n - 1, k - 1) + choose(n - 1, k)
  }

  @Test func `of the best of k are the share of choices with a right sample`() {
    for n in 1...10 {
      for c in 0...n {
        for k in 1...n {
          let exact = 1 - Double(choose(n - c, k)) / Double(choose(n, k))
          #expect(abs(PassRate.atLeastOne(of: k, right: c, among: n) - exact) < 1e-12)
        }
      }
    }
    #expect(PassRate.atLeastOne(of: 1, right: 3, among: 16) == 3.0 / 16)
    #expect(PassRate.atLeastOne(of: 500, right: 1, among: 1000).isFinite)
  }

  @Test func `have no bias, where the plain formula has`() {
    // Ten samples, each right with 0.23: the expectations over all outcomes.
    let (n, k, p) = (10, 4, 0.23)
    var (unbiased, plain) = (0.0, 0.0)
    for c in 0...n {
      let chance = Double(choose(n, c)) * pow(p, Double(c)) * pow(1 - p, Double(n - c))
      unbiased += chance * PassRate.atLeastOne(of: k, right: c, among: n)
      plain += chance * (1 - pow(1 - Double(c) / Double(n), Double(k)))
    }
    #expect(abs(unbiased - (1 - pow(1 - p, 4))) < 1e-12 && abs(unbiased - 0.6485) < 1e-4)
    #expect(abs(plain - 0.5875) < 1e-4)
  }

  @Test func `of a vote break ties by expectation and ignore what has no answer`() {
    func vote(_ answers: [String?]) -> Double {
      PassRate.consensus(of: answers) { $0 == "7" }
    }
    #expect(vote(["7", "7", "3"]) == 1)
    #expect(vote(["7", "3"]) == 0.5)
    #expect(vote(["7", "3", "4", nil, nil, nil]) == 1.0 / 3)
    #expect(vote([nil, nil]) == 0)
    #expect(vote(["3", "3", "7"]) == 0)
  }

  @Test func `of a vote never exceed those of the best of as many`() {
    var generator = SplitMix64(seed: 2)
    for _ in 0..<500 {
      let answers = (0..<5).map { _ in "\(generator.next() % 3)" }
      let right = answers.count { $0 == "1" }
      let best = PassRate.atLeastOne(of: 5, right: right, among: 5)
      #expect(PassRate.consensus(of: answers) { $0 == "1" } <= best)
    }
  }
}

@Suite struct `The intervals` {
  @Test func `of Wilson have the widths that are worked out by hand`() {
    // 100 of 200: 0.5 ± 1.96·√(0.25/200 + 1.96²/160000) / (1 + 1.96²/200) = 0.5 ± 0.0686
    let half = ShareInterval.wilson(100, of: 200)
    #expect(abs(half.low - 0.4314) < 1e-4 && abs(half.high - 0.5686) < 1e-4)
    let none = ShareInterval.wilson(0, of: 200)
    #expect(none.low == 0 && abs(none.high - 3.8416 / 203.8416) < 1e-6)
    #expect(ShareInterval.wilson(200, of: 200).high == 1)
  }

  @Test func `of Wilson hold the truth about 95 times in 100`() {
    var generator = SplitMix64(seed: 8)
    for p in [0.02, 0.5, 0.9] {
      let held = (0..<2000).count { _ in
        let seen = (0..<100).count { _ in generator.uniform() < p }
        let interval = ShareInterval.wilson(seen, of: 100)
        return interval.low <= p && p <= interval.high
      }
      #expect((0.92...0.985).contains(Double(held) / 2000), "\(p): \(held)")
    }
  }

  @Test func `of a paired bootstrap exclude 0 for a gain on the same problems, and only then`()
  {
    let before = (0..<200).map { $0 % 10 == 0 ? 1.0 : 0 }
    let better = before.enumerated().map { $0.offset % 5 == 1 ? 1 : $0.element }
    let gain = ShareInterval.pairedBootstrap(before, better, resamples: 2000)
    #expect(gain.low > 0.1 && gain.high < 0.3)
    // As many win as lose: the same mean, and an interval around 0.
    let moved = before.reversed() + []
    let same = ShareInterval.pairedBootstrap(before, moved, resamples: 2000)
    #expect(same.low < 0 && same.high > 0)
    #expect(
      ShareInterval.pairedBootstrap(before, before, resamples: 100) == .init(low: 0, high: 0))
    #expect(gain == ShareInterval.pairedBootstrap(before, better, resamples: 2000))
  }
}
