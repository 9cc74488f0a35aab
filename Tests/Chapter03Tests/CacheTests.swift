import Attention
import Checkpoints
import MLA
import Tensors
import TestSupport
import Testing

@Suite struct `A latent cache` {
  private static let tolerance = Tolerance(2e-5, "the same sums in another order")
  private let model = LatentModels.small()

  private func expectLast(
    _ logits: [Float], of tokens: [Int], _ comment: String = "",
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let pass = Pass(Sequences(count: 1, length: tokens.count), on: Tape(recording: false))
    let all = model.logits(tokens, in: pass).value
    expectClose(
      logits, all.rows(tokens.count - 1..<tokens.count).doubles, Self.tolerance, comment,
      sourceLocation: sourceLocation)
  }

  // snippet.cache-equals
  @Test(arguments: [1, 2, 16, 40])
  func `changes the time that logits take, not the logits`(_ prompt: Int) {
    let tokens = testTokens(60, below: 29)
    let cache = model.makeCache(sequences: 1)
    var logits = model.nextLogits(Array(tokens[..<prompt]), cache: cache)[0]
    expectLast(logits, of: Array(tokens[..<prompt]), "after the prompt")
    for end in prompt + 1...prompt + 20 {
      logits = model.nextLogits([tokens[end - 1]], cache: cache)[0]
      expectLast(logits, of: Array(tokens[..<end]), "after \(end) tokens")
    }
    #expect(cache.lengths == [prompt + 20])
  }
  // snippet.end

  @Test func `takes several tokens at once behind others`() {
    let tokens = testTokens(31, below: 29)
    let cache = model.makeCache(sequences: 1)
    _ = model.nextLogits(Array(tokens[..<4]), cache: cache)
    expectLast(
      model.nextLogits(Array(tokens[4..<9]), cache: cache)[0], of: Array(tokens[..<9]))
    expectLast(model.nextLogits(Array(tokens[9...]), cache: cache)[0], of: tokens)
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

  @Test func `holds sequences of different lengths side by side`() {
    let prompts = [[1, 2, 3], [4], testTokens(40, below: 29)]
    let cache = model.makeCache(sequences: 0)
    for prompt in prompts {
      let own = model.makeCache(sequences: 1)
      _ = model.nextLogits(prompt, cache: own)
      cache.absorb(own)
    }
    #expect(cache.lengths == [3, 1, 40])
    var logits = model.nextLogits([7, 8, 9], cache: cache)
    for (index, prompt) in prompts.enumerated() {
      expectLast(logits[index], of: prompt + [7 + index], "sequence \(index)")
    }
    cache.select([2, 0, 0])
    logits = model.nextLogits([10, 11, 12], cache: cache)
    expectLast(logits[0], of: prompts[2] + [9, 10])
    expectLast(logits[1], of: [1, 2, 3, 7, 11])
    expectLast(logits[2], of: [1, 2, 3, 7, 12])
    cache.truncate(sequence: 1, to: 2)
    expectLast(model.nextLogits([13, 14, 15], cache: cache)[1], of: [1, 2, 14])
  }

  @Test func `begins all sequences of a batch at once`() {
    let cache = model.makeCache(sequences: 2)
    let logits = model.nextLogits([1, 2, 3, 4, 5, 6], cache: cache)
    expectLast(logits[0], of: [1, 2, 3])
    expectLast(logits[1], of: [4, 5, 6])
    #expect(cache.layers.map(\.lengths) == [[3, 3], [3, 3]])
  }

  @Test func `keeps the latent after its norm and the key after its rotation`() throws {
    // Whoever keeps the latent before its norm, or turns keys when they are read, needs these.
    let sizes = LatentCase.compressed
    let layer = sizes.layer()
    let x = Tensor.test(5, sizes.width)
    let cache = try #require(layer.makeCache(sequences: 1) as? LatentCache)
    _ = layer.apply(x, cache: cache)
    let twin = sizes.twin(of: layer)
    let expected = x.doubleRows.enumerated().flatMap { position, row -> [Double] in
      let kept = twin.kept(row, at: position)
      return kept.latent + kept.key
    }
    expectClose(cache.rows(of: 0), expected, .gradient)
  }

  @Test func `generates what a model without a cache would`() {
    let found = model.generate([[3, 1, 4]], count: 12, sampling: .greedy, seed: 0)[0]
    var tokens = [3, 1, 4]
    var generator = SplitMix64(seed: 0)
    for _ in 0..<12 {
      let pass = Pass(Sequences(count: 1, length: tokens.count), on: Tape(recording: false))
      let logits = model.logits(tokens, in: pass).value
      let last = logits.rows(tokens.count - 1..<tokens.count).scalars
      tokens.append(Sampling.greedy.token(last, using: &generator))
    }
    #expect(found == Array(tokens[3...]))
  }

  @Test func `stops when tokens come for another place`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let model = LatentModels.small()
      let cache = model.makeCache(sequences: 1)
      _ = model.nextLogits([1, 2, 3], cache: cache)
      let pass = Pass(Sequences(count: 1, length: 1), on: Tape(recording: false))
      _ = model.hidden([4], in: pass, cache: cache)
    }
    expectSaid(result, "LatentCache: tokens for the places [0] come to a cache of [3]")
  }

  @Test func `refuses to be differentiated through`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let model = LatentModels.small()
      let pass = Pass(Sequences(count: 1, length: 3), on: Tape())
      _ = model.hidden([1, 2, 3], in: pass, cache: model.makeCache(sequences: 1))
    }
    expectSaid(result, "LatentAttention: a cache cannot be differentiated through")
  }
}

/// Models for the tests of the cache.
enum LatentModels {
  /// A model with latent attention in two layers, of some thousand weights.
  static func small() -> LanguageModel {
    let sizes = DecoderConfiguration(
      family: .deepseekV3, vocabularySize: 29, width: 16, feedForwardWidth: 24, layers: 2,
      heads: 3, initializerRange: 0.3,
      latentAttention: LatentAttentionSizes(
        queryRank: 8, keyValueRank: 10, contentWidth: 5, rotaryWidth: 6, valueWidth: 7))
    var generator = SplitMix64(seed: 3)
    return sizes.model(
      using: &generator, attention: { _, generator in sizes.attention(using: &generator) },
      feedForward: { _, generator in SwiGLUFeedForward(sizes, using: &generator) })
  }
}

/// Tokens below a bound that are the same in every run.
func testTokens(_ count: Int, below bound: Int) -> [Int] {
  var generator = SplitMix64(seed: 1)
  return (0..<count).map { _ in Int(generator.next() % UInt64(bound)) }
}
