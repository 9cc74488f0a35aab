import Foundation
import Tensors
import TestSupport
import Testing

@Suite struct `The exponential of eight lanes` {
  @Test func `errs by less than four units in the last place of single precision`() {
    var worst = (error: 0.0, x: Float(0))
    for step in 0..<25_000 {
      let first = -87 + Float(step) * 0.007
      let lanes = exponential(Lanes((0..<8).map { min(first + Float($0) * 0.000_875, 88) }))
      for lane in 0..<8 {
        let x = min(first + Float(lane) * 0.000_875, 88)
        let exact = exp(Double(x))
        let error = abs(Double(lanes[lane]) - exact) / exact
        if error > worst.error { worst = (error, x) }
      }
    }
    #expect(worst.error < 2.5e-7, "worst at \(worst.x)")
  }

  @Test func `stays finite and positive at the extremes`() {
    let x = Lanes(0, -.infinity, .infinity, -1000, 1000, 88, -87, -0.0)
    let y = exponential(x)
    #expect(y[0] == 1 && y[7] == 1)
    #expect(y[1] > 0 && y[1] < 2e-38 && y[3] == y[1])
    #expect(y[2] > 2e38 && y[2].isFinite && y[4] == y[2])
    expectClose(y[5], exp(88), .rounding)
    expectClose(y[6], exp(-87), .rounding)
  }

  @Test func `adds and compares lanes`() {
    let lanes = Lanes(3, -1, 4, 1, -5, 9, 2, 6)
    #expect(total(lanes) == 19)
    #expect(largest(lanes) == 9)
    #expect(larger(lanes, Lanes(repeating: 2)) == Lanes(3, 2, 4, 2, 2, 9, 2, 6))
    #expect(adding(Lanes(repeating: 1), lanes, lanes)[4] == 26)
  }
}

@Suite struct `A seeded generator` {
  @Test func `gives the published numbers`() {
    var generator = SplitMix64(seed: 1_234_567)
    let expected: [UInt64] = [
      6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
      4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
    ]
    #expect(expected.map { _ in generator.next() } == expected)
  }

  @Test func `continues where a stored state left off`() {
    var generator = SplitMix64(seed: 5)
    _ = generator.next()
    var copy = SplitMix64(seed: generator.state)
    #expect(generator.next() == copy.next())
  }

  @Test func `branches into sequences that differ from it and from each other`() {
    let root = SplitMix64(seed: 7)
    var (first, second, again) = (root.branch(1), root.branch(2), root.branch(1))
    var parent = root
    let numbers = [parent.next(), first.next(), second.next()]
    #expect(Set(numbers).count == 3)
    #expect(again.next() == numbers[1])
  }

  @Test func `fills the unit interval evenly and never reaches one`() {
    var generator = SplitMix64(seed: 1)
    let numbers = (0..<100_000).map { _ in generator.uniform() }
    #expect(numbers.allSatisfy { $0 >= 0 && $0 < 1 })
    let mean = numbers.reduce(0, +) / 100_000
    #expect(abs(mean - 0.5) < 0.003, "three deviations of the mean are 0.0027")
    for tenth in 0..<10 {
      let count = numbers.count { Int($0 * 10) == tenth }
      #expect(abs(count - 10_000) < 400)
    }
  }

  @Test func `has the moments of a normal distribution`() {
    var generator = SplitMix64(seed: 1)
    let n = 200_000
    let numbers = (0..<n).map { _ in generator.normal() }
    func moment(_ power: Double) -> Double {
      numbers.reduce(0.0) { $0 + pow($1, power) } / Double(n)
    }
    #expect(abs(moment(1)) < 0.01)
    #expect(abs(moment(2) - 1) < 0.015)
    #expect(abs(moment(3)) < 0.04)
    #expect(abs(moment(4) - 3) < 0.1)
  }

  @Test func `makes the same tensor from the same seed`() {
    var (one, two, other) = (SplitMix64(seed: 3), SplitMix64(seed: 3), SplitMix64(seed: 4))
    let tensor = Tensor.normal(shape: [3, 4], deviation: 0.5, using: &one)
    #expect(tensor == Tensor.normal(shape: [3, 4], deviation: 0.5, using: &two))
    #expect(tensor != Tensor.normal(shape: [3, 4], deviation: 0.5, using: &other))
  }
}
