import Testing
import Text

@Suite struct `The seeded generator` {
  @Test func `gives the numbers that SplitMix64 is published with`() {
    var generator = SeededGenerator(seed: 0)
    #expect(generator.next() == 0xE220_A839_7B1D_CDAF)
    #expect(generator.next() == 0x6E78_9E6A_A1B9_65F4)
    #expect(generator.next() == 0x06C4_5D18_8009_454F)
  }

  @Test func `goes on from a stored state`() {
    var generator = SeededGenerator(seed: 7)
    for _ in 0..<5 { _ = generator.next() }
    var resumed = SeededGenerator(seed: 0)
    resumed.state = generator.state
    for _ in 0..<5 { #expect(resumed.next() == generator.next()) }
  }

  @Test func `branches into sequences that differ from it and from each other`() {
    let root = SeededGenerator(seed: 7)
    var (first, second, again) = (root.branch(1), root.branch(2), root.branch(1))
    var parent = root
    let numbers = [parent.next(), first.next(), second.next()]
    #expect(Set(numbers).count == 3)
    #expect(again.next() == numbers[1])
  }
}

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
    var generator = SeededGenerator(seed: 1)
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
}
