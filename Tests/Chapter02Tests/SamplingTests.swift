import Attention
import Foundation
import Tensors
import TestSupport
import Testing

@Suite struct `A sampling rule` {
  /// Logits whose softmax is .1, .4, .2, .3.
  private let logits = [1, 4, 2, 3].map { Float(log(Double($0))) }

  private func expect(
    _ sampling: Sampling, _ expected: KeyValuePairs<Int, Double>,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let found = sampling.distribution(logits)
    #expect(
      found.map(\.token) == expected.map(\.key), sourceLocation: sourceLocation)
    for (one, other) in zip(found, expected) {
      #expect(abs(one.probability - other.value) < 1e-6, sourceLocation: sourceLocation)
    }
  }

  @Test func `divides by the temperature, keeps k, keeps p`() {
    expect(Sampling(), [1: 0.4, 3: 0.3, 2: 0.2, 0: 0.1])
    // Half the temperature squares the weights 4, 3, 2, 1: 16, 9, 4, 1 of 30.
    expect(
      Sampling(temperature: 0.5), [1: 16.0 / 30, 3: 9.0 / 30, 2: 4.0 / 30, 0: 1.0 / 30])
    expect(Sampling(topK: 2), [1: 4.0 / 7, 3: 3.0 / 7])
    expect(Sampling(topK: 9), [1: 0.4, 3: 0.3, 2: 0.2, 0: 0.1])
    // .4 does not reach .6; .4 + .3 does.
    expect(Sampling(topP: 0.6), [1: 4.0 / 7, 3: 3.0 / 7])
    expect(Sampling(topP: 0.75), [1: 4.0 / 9, 3: 3.0 / 9, 2: 2.0 / 9])
    expect(Sampling(topP: 0.01), [1: 1])
    // Of three, with weights 4, 3, 2 of 9, two reach .7: p is measured after k.
    expect(Sampling(topK: 3, topP: 0.7), [1: 4.0 / 7, 3: 3.0 / 7])
    // 16/30 and 9/30 reach .8 together: p is measured after the temperature.
    expect(Sampling(temperature: 0.5, topP: 0.8), [1: 16.0 / 25, 3: 9.0 / 25])
    expect(.greedy, [1: 1])
  }

  @Test func `takes the first of equals`() {
    var generator = SplitMix64(seed: 1)
    #expect(Sampling.greedy.token([0, 2, 1, 2], using: &generator) == 1)
    #expect(generator == SplitMix64(seed: 1), "no number is drawn for it")
    #expect(Sampling(topK: 1).token([0, 2, 1, 2], using: &generator) == 1)
    #expect(Sampling().distribution([5, 5, 5]).map(\.token) == [0, 1, 2])
  }

  @Test(arguments: [Sampling(), Sampling(temperature: 0.7, topK: 3), Sampling(topP: 0.85)])
  func `draws each token as often as its probability says`(_ sampling: Sampling) {
    let draws = 20_000
    var counts = [Int](repeating: 0, count: logits.count)
    var generator = SplitMix64(seed: 12)
    for _ in 0..<draws { counts[sampling.token(logits, using: &generator)] += 1 }
    var expected = [Double](repeating: 0, count: logits.count)
    for (token, probability) in sampling.distribution(logits) { expected[token] = probability }
    for (count, p) in zip(counts, expected) {
      // Four standard deviations of a binomial count.
      let bound = 4 * (p * (1 - p) * Double(draws)).squareRoot()
      #expect(abs(Double(count) - p * Double(draws)) <= bound)
    }
  }

  @Test func `draws the same tokens from the same seed`() {
    func tokens(seed: UInt64) -> [Int] {
      var generator = SplitMix64(seed: seed)
      return (0..<50).map { _ in Sampling().token(logits, using: &generator) }
    }
    #expect(tokens(seed: 4) == tokens(seed: 4))
    #expect(tokens(seed: 4) != tokens(seed: 5))
  }

  @Test func `never draws a token whose logit is minus infinity`() {
    var generator = SplitMix64(seed: 3)
    let logits: [Float] = [-.infinity, 0, -.infinity, 0]
    for _ in 0..<200 {
      #expect(Sampling(temperature: 2).token(logits, using: &generator) % 2 == 1)
    }
    #expect(Sampling.greedy.token(logits, using: &generator) == 1)
  }

  @Test func `survives logits that are not numbers`() {
    let broken: [[Float]] = [
      [.nan, .nan, .nan], [0, .nan, 1], [.infinity, 0, .infinity],
      [-.infinity, -.infinity, -.infinity],
    ]
    let rules: [Sampling] = [
      .greedy, Sampling(), Sampling(temperature: 1e-300), Sampling(topK: 2, topP: 0.5),
    ]
    for logits in broken {
      for sampling in rules {
        var generator = SplitMix64(seed: 8)
        #expect((0..<3).contains(sampling.token(logits, using: &generator)))
      }
    }
  }

  @Test func `approaches greedy as the temperature falls`() {
    var generator = SplitMix64(seed: 9)
    for _ in 0..<100 {
      #expect(Sampling(temperature: 0.01).token(logits, using: &generator) == 1)
    }
  }

  @Test func `refuses a top-p of nothing`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Sampling(topP: 0) }
    expectSaid(result, "Sampling: top-p 0.0 must lie in (0, 1]")
  }
}
