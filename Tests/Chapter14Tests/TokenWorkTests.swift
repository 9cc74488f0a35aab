import Checkpoints
import FullScale
import Testing

@Suite struct `The work of a token` {
  // snippet.table-two
  @Test(arguments: WorkRow.published)
  func `in training is what table 2 of the hardware paper prints`(_ row: WorkRow) {
    #expect(abs(row.recomputed - row.published) < 0.5, "\(row.name): \(row.recomputed)")
  }
  // snippet.end

  /// The table's rows follow two counts; by one count alone the dense models have other numbers.
  @Test func `of dense models is counted otherwise in that table`() {
    let dense = WorkRow.published.filter(\.isTextbook)
    #expect(dense.map { $0.counted.rounded() } == [445, 2473])
  }

  /// By hand: 12 + 6 + 12 numbers in queries, keys and values …, and half of a square of 8 × 8.
  @Test func `of a tiny model can be counted by hand`() throws {
    let model = DecoderConfiguration(
      vocabularySize: 10, width: 6, feedForwardWidth: 7, layers: 2, heads: 2, keyValueHeads: 1)
    // q and o 6 · 6, k and v 6 · 3, three of 6 · 7; the head 6 · 10.
    let weights = 2 * (36 + 18 + 18 + 36 + 3 * 42) + 60
    let work = try #require(model.trainingWork(context: 8))
    #expect(work.weights == 6 * weights)
    // A token has 4 keys on average; a key is 3 wide and so is a value, in 2 heads of 2 layers.
    #expect(work.attention == 6 * 4 * 2 * 2 * (3 + 3))
    let square = try #require(model.trainingWork(context: 8, .square))
    #expect(square.weights == work.weights && square.attention == 2 * work.attention)
    let prompt = try #require(model.promptWork(context: 8))
    #expect(3 * prompt.total == work.total)
    let next = try #require(model.decodingWork(cached: 5))
    #expect(next.weights == 2 * weights && next.attention == 2 * 5 * 2 * 2 * (3 + 3))
  }

  /// 128 heads · (576 + 512) and 128 · (192 + 128) products a layer and cached token.
  @Test func `of V3 with a cache depends on the form of attention`() throws {
    let absorbed = try #require(DecoderConfiguration.v3.decodingWork(cached: 1))
    let expanded = try #require(DecoderConfiguration.v3.decodingWork(cached: 1, .expanded))
    #expect(absorbed.attention == 61 * 278_528)
    #expect(expanded.attention == 61 * 81_920)
    #expect(absorbed.weights == 2 * 36_624_596_992)
  }

  /// The last token of a context costs what a token of a prompt twice as long costs on average.
  @Test func `of a prompt is the mean of the work of its tokens`() throws {
    let model = DecoderConfiguration.qwen72B
    let sum = try (0..<64).reduce(0) {
      $0 + (try #require(model.decodingWork(cached: $1))).attention
    }
    let prompt = try #require(model.promptWork(context: 64))
    // A token sees itself too, which half of the square leaves out.
    #expect(abs(Double(sum) / 64 / Double(prompt.attention) - 1) < 0.02)
  }

  @Test(arguments: CacheRow.published)
  func `keeps what table 1 of the hardware paper prints`(_ row: CacheRow) {
    #expect(Double(row.bytes) / 1000 == row.kilobytes)
  }

  /// 7.28 is printed; its own bytes say 7.34.
  @Test func `keeps as many times V3's as printed, but for one row`() {
    let multiples = CacheRow.published.map { Double($0.bytes) / 70_272 }
    #expect(abs(multiples[1] - 4.66) < 0.005)
    #expect(abs(multiples[2] - 7.344) < 0.0005)
  }

  @Test func `is nothing rather than something wrong where 64 bits do not count`() {
    #expect(DecoderConfiguration.v3.trainingWork(context: .max) == nil)
    #expect(DecoderConfiguration.v3.decodingWork(cached: .max) == nil)
  }
}
