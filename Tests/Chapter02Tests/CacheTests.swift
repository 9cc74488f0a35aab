import Attention
import Checkpoints
import Tensors
import TestSupport
import Testing

@Suite struct `A key-value cache` {
  private static let tolerance = Tolerance(1e-5, "the same sums in another order")
  private let model = DecoderConfiguration.small(.qwen2, deviation: 0.3).unevenModel(seed: 3)

  private func expectLast(
    _ logits: [Float], of tokens: [Int], _ comment: String = "",
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let all = model.logits(tokens)
    let expected = all.rows(tokens.count - 1..<tokens.count)
    expectClose(
      logits, expected.doubles, Self.tolerance, comment, sourceLocation: sourceLocation)
  }

  // snippet.cache-equals
  @Test(arguments: [1, 3, 16, 17, 70])
  func `changes the time that logits take, not the logits`(_ prefill: Int) {
    let tokens = testTokens(75, below: 29)
    let cache = model.makeCache(sequences: 1)
    var logits = model.nextLogits(Array(tokens[..<prefill]), cache: cache)[0]
    expectLast(logits, of: Array(tokens[..<prefill]), "after the prompt")
    for end in prefill + 1...min(prefill + 20, tokens.count) {
      logits = model.nextLogits([tokens[end - 1]], cache: cache)[0]
      expectLast(logits, of: Array(tokens[..<end]), "after \(end) tokens")
    }
    #expect(cache.lengths == [min(prefill + 20, tokens.count)])
  }
  // snippet.end

  @Test func `takes several tokens at once, and returns the logits of every new row`() {
    let tokens = testTokens(11, below: 29)
    let cache = model.makeCache(sequences: 1)
    _ = model.nextLogits(Array(tokens[..<4]), cache: cache)
    let pass = Pass(
      Sequences(count: 1, length: 7, offsets: [4]), on: Tape(recording: false))
    let logits = model.logits(Array(tokens[4...]), in: pass, cache: cache).value
    expectClose(logits, model.logits(tokens).rows(4..<11), Self.tolerance)
  }

  @Test func `forgets what is rolled back`() {
    let (kept, dropped, other) = ([1, 2, 3, 4, 5], [6, 7, 8], [20, 9])
    let cache = model.makeCache(sequences: 1)
    _ = model.nextLogits(kept + dropped, cache: cache)
    cache.truncate(sequence: 0, to: kept.count)
    #expect(cache.lengths == [5])
    expectLast(model.nextLogits(other, cache: cache)[0], of: kept + other)
    cache.truncate(sequence: 0, to: 0)
    expectLast(model.nextLogits(other, cache: cache)[0], of: other)
  }

  @Test func `rolls back one sequence and leaves the others`() {
    let cache = model.makeCache(sequences: 2)
    _ = model.nextLogits([1, 2, 3, 4, 5, 6], cache: cache)
    cache.truncate(sequence: 0, to: 1)
    #expect(cache.lengths == [1, 3])
    let logits = model.nextLogits([9, 8], cache: cache)
    expectLast(logits[0], of: [1, 9])
    expectLast(logits[1], of: [4, 5, 6, 8])
  }

  @Test func `holds sequences of different lengths side by side`() {
    let prompts = [[1, 2, 3], [4], testTokens(40, below: 29)]
    let cache = model.makeCache(sequences: 0)
    for prompt in prompts {
      let own = model.makeCache(sequences: 1)
      _ = model.nextLogits(prompt, cache: own)
      cache.absorb(own)
    }
    #expect(cache.lengths == [3, 1, 40])
    let logits = model.nextLogits([7, 8, 9], cache: cache)
    for (index, prompt) in prompts.enumerated() {
      expectLast(logits[index], of: prompt + [7 + index], "sequence \(index)")
    }
  }

  @Test func `selects, orders and copies sequences`() {
    let cache = model.makeCache(sequences: 3)
    _ = model.nextLogits([1, 2, 3, 4, 5, 6], cache: cache)
    cache.select([2, 0, 2])
    // The two copies go different ways from here on.
    var logits = model.nextLogits([10, 11, 12], cache: cache)
    expectLast(logits[0], of: [5, 6, 10])
    expectLast(logits[1], of: [1, 2, 11])
    expectLast(logits[2], of: [5, 6, 12])
    logits = model.nextLogits([13, 14, 15], cache: cache)
    expectLast(logits[0], of: [5, 6, 10, 13])
    expectLast(logits[2], of: [5, 6, 12, 15])
    cache.select([])
    #expect(cache.lengths == [])
  }

  @Test func `keeps a key and a value of every key head`() {
    // 2 layers · 2 key heads · (6 + 6) numbers.
    #expect(model.makeCache(sequences: 1).numbersPerToken == 48)
    let configuration = DecoderConfiguration.small(.qwen2)
    #expect(configuration.cacheBytesPerToken(bytesPerNumber: 1) == 48)
    let uneven = AttentionShape(heads: 4, keyValueHeads: 2, keyWidth: 24, valueWidth: 16)
    #expect(KeyValueCache(uneven, sequences: 1).numbersPerToken == 80)
  }

  @Test func `is written once for all layers of a pass`() {
    let cache = model.makeCache(sequences: 2)
    _ = model.nextLogits([1, 2, 3, 4], cache: cache)
    #expect(cache.layers.map(\.lengths) == [[2, 2], [2, 2]])
  }

  @Test func `stops when tokens come for another place`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let model = DecoderConfiguration.small().model(seed: 1)
      let cache = model.makeCache(sequences: 1)
      _ = model.nextLogits([1, 2, 3], cache: cache)
      let pass = Pass(Sequences(count: 1, length: 1), on: Tape(recording: false))
      _ = model.hidden([4], in: pass, cache: cache)
    }
    expectSaid(result, "KeyValueCache: tokens for the places [0] come to a cache of [3]")
  }

  @Test func `stops when it should forget more than it holds`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let shape = AttentionShape(heads: 1, keyValueHeads: 1, keyWidth: 2, valueWidth: 2)
      KeyValueCache(shape, sequences: 1).truncate(sequence: 0, to: 1)
    }
    expectSaid(result, "truncate: 1 of 0 rows")
  }
}
