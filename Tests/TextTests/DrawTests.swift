import Tensors
import Testing
import Text

/// Hands out prepared bits.
private struct PreparedBits: RandomNumberGenerator {
  var bits: [UInt64]
  mutating func next() -> UInt64 { bits.removeFirst() }
}

@Suite struct `A draw` {
  @Test func `takes the high half of the product and rejects what would favour small numbers`()
  {
    // 2^64 mod 3 = 1: only the product with low half 0 is one too many.
    var tape = PreparedBits(bits: [0, UInt64.max, 1 << 63, 1])
    #expect(Draw.below(3, using: &tape) == 2, "bits 0 must be drawn again")
    #expect(Draw.below(3, using: &tape) == 1)
    #expect(Draw.below(3, using: &tape) == 0)
    #expect(tape.bits.isEmpty)
  }

  @Test func `below a power of two uses the top bits`() {
    var tape = PreparedBits(bits: [0x0FFF << 52, 0xF000 << 48, 0x8000 << 48])
    #expect(Draw.below(16, using: &tape) == 15)
    #expect(Draw.below(16, using: &tape) == 15)
    #expect(Draw.below(16, using: &tape) == 8)
  }

  @Test func `by weight follows the weights and never takes a weight of zero`() {
    var generator = SplitMix64(seed: 1)
    var counts = [0, 0, 0, 0]
    for _ in 0..<60_000 {
      counts[Draw.index(weights: [3, 0, 1, 2], using: &generator)] += 1
    }
    #expect(counts[1] == 0)
    // Four standard deviations of a binomial count of 60 000 are below 490.
    for (count, expected) in zip(counts, [30_000, 0, 10_000, 20_000]) {
      #expect(abs(count - expected) < 490)
    }
  }
  @Test func `of an order gives each place, from the last, one of those that have none`() {
    // 2 of 3: c stays. 0 of 2: b and a change places.
    var tape = PreparedBits(bits: [UInt64.max, 0])
    #expect(Draw.shuffled(["a", "b", "c"], using: &tape) == ["b", "a", "c"])
    #expect(tape.bits.isEmpty)
    #expect(Draw.shuffled([Int](), using: &tape).isEmpty)
    #expect(Draw.shuffled([7], using: &tape) == [7])
  }

  @Test func `of an order has all of them equally often`() {
    var generator = SplitMix64(seed: 2)
    var counts: [[Int]: Int] = [:]
    for _ in 0..<24_000 {
      counts[Draw.shuffled([0, 1, 2, 3], using: &generator), default: 0] += 1
    }
    #expect(counts.count == 24)
    // Five standard deviations of a binomial count of 24 000 with p = 1/24 are 155.
    #expect(counts.values.allSatisfy { abs($0 - 1000) < 155 })
  }
}
