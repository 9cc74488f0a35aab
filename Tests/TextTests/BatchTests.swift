import Tensors
import Testing
import Text

@Suite struct `A batch` {
  @Test func `of a short text, by hand`() throws {
    let batches = try Batch.windows(of: [5, 6, 7, 8, 9, 4], length: 2, sequences: 2)
    #expect(
      batches == [
        Batch(inputs: [5, 6, 7, 8], targets: [6, 7, 8, 9], sequences: 2, length: 2),
        Batch(inputs: [9, 0], targets: [4, Batch.ignored], sequences: 1, length: 2),
      ])
    #expect(batches.map(\.targetCount) == [4, 1])
  }

  @Test(arguments: [2, 3, 8, 9, 33, 64, 100], [1, 4, 7])
  func `of windows predicts every token but the first exactly once`(count: Int, length: Int)
    throws
  {
    let tokens = (0..<count).map { 1_000 + $0 }
    let batches = try Batch.windows(of: tokens, length: length, sequences: 3)
    #expect(
      batches.flatMap(\.targets).filter { $0 != Batch.ignored } == Array(tokens.dropFirst()))
    for batch in batches {
      #expect(batch.sequences > 0)
      for (input, target) in zip(batch.inputs, batch.targets) where target != Batch.ignored {
        #expect(target == input + 1)
      }
    }
    #expect(batches.dropLast().allSatisfy { $0.sequences == 3 })
  }

  @Test func `needs two tokens`() {
    for tokens in [[], [1]] {
      #expect(throws: CorpusError.tooFewTokens(count: tokens.count, needed: 2)) {
        try Batch.windows(of: tokens, length: 4, sequences: 1)
      }
    }
  }

  @Test(arguments: 1...9) func `falls into shards of whole rows that join to it again`(
    count: Int
  ) {
    let inputs = Array(0..<21)
    let batch = Batch(inputs: inputs, targets: inputs.map { $0 + 1 }, sequences: 7, length: 3)
    let shards = batch.shards(count)
    #expect(shards.count == min(count, 7))
    #expect(shards.flatMap(\.inputs) == batch.inputs)
    #expect(shards.flatMap(\.targets) == batch.targets)
    let rows = shards.map(\.sequences)
    #expect((rows.max() ?? 0) - (rows.min() ?? 0) <= 1)
    if count == 3 { #expect(rows == [2, 2, 3]) }
  }
}

@Suite struct `The batch sampler` {
  private func sampler(seed: UInt64) throws -> BatchSampler<SplitMix64> {
    try BatchSampler(
      tokens: (0..<50).map { $0 * 10 }, sequences: 4, length: 8,
      generator: SplitMix64(seed: seed))
  }

  @Test func `takes windows of the text with targets one token on`() throws {
    var sampler = try sampler(seed: 1)
    var starts: Set<Int> = []
    for _ in 0..<200 {
      let batch = sampler.next()
      for row in 0..<4 {
        let inputs = Array(batch.inputs[row * 8..<row * 8 + 8])
        let start = inputs[0] / 10
        starts.insert(start)
        #expect(inputs == Array(sampler.tokens[start..<start + 8]))
        #expect(
          Array(batch.targets[row * 8..<row * 8 + 8])
            == Array(sampler.tokens[start + 1...start + 8]))
      }
    }
    #expect(starts == Set(0..<42), "every window that has all its targets, the last included")
  }

  @Test func `continues after a restart with the batches that would have come`() throws {
    var sampler = try sampler(seed: 2)
    for _ in 0..<3 { _ = sampler.next() }
    var resumed = try BatchSampler(
      tokens: sampler.tokens, sequences: 4, length: 8, generator: sampler.generator)
    for _ in 0..<5 { #expect(resumed.next() == sampler.next()) }
    var other = try self.sampler(seed: 3)
    #expect(other.next() != sampler.next())
  }

  @Test func `needs one token more than a window is long`() throws {
    let generator = SplitMix64(seed: 0)
    #expect(throws: CorpusError.tooFewTokens(count: 8, needed: 9)) {
      _ = try BatchSampler(
        tokens: Array(0..<8), sequences: 1, length: 8, generator: generator)
    }
    var smallest = try BatchSampler(
      tokens: Array(0..<9), sequences: 1, length: 8, generator: generator)
    #expect(smallest.next().targets == Array(1...8))
  }
}
