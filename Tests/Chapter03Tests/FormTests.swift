import Attention
import Checkpoints
import Foundation
import MLA
import Tensors
import TestSupport
import Testing

@Suite struct `Latent attention` {
  // snippet.absorbed-equals
  @Test(arguments: LatentCase.all)
  func `is the same function in both forms`(_ sizes: LatentCase) {
    let twin = sizes.twin(of: sizes.layer())
    let x = Tensor.test(9, sizes.width).doubleRows
    let (expanded, absorbed) = (twin.expanded(x), twin.absorbed(x))
    let size = expanded.flatMap { $0 }.map { abs($0) }.max() ?? 0
    for (a, b) in zip(expanded.joined(), absorbed.joined()) {
      #expect(abs(a - b) < 1e-12 * size)
    }
  }
  // snippet.end

  // snippet.layer-equals
  @Test(arguments: LatentCase.all)
  func `agrees with its equations in Double`(_ sizes: LatentCase) {
    let layer = sizes.layer()
    let x = Tensor.test(14, sizes.width)
    let found = layer.apply(x, sequences: 2)
    let twin = sizes.twin(of: layer)
    let rows = x.doubleRows
    let expected = twin.expanded(Array(rows[..<7])) + twin.expanded(Array(rows[7...]))
    expectClose(found, expected.flatMap { $0 }, .gradient)
  }

  @Test(arguments: LatentCase.all)
  func `computes the same token by token, from latents alone`(_ sizes: LatentCase) {
    let layer = sizes.layer()
    let x = Tensor.test(30, sizes.width)
    let whole = layer.apply(x)
    let cache = layer.makeCache(sequences: 1)
    for row in 0..<30 {
      let found = layer.apply(x.rows(row..<row + 1), cache: cache)
      expectClose(found, whole.rows(row..<row + 1), .gradient, "row \(row)")
    }
    #expect(cache.lengths == [30] && cache.numbersPerToken == sizes.rank + sizes.rotary)
  }
  // snippet.end

  @Test(arguments: LatentCase.all)
  func `computes the same in pieces of any length`(_ sizes: LatentCase) {
    let layer = sizes.layer()
    let x = Tensor.test(60, sizes.width)
    let whole = layer.apply(x)
    let cache = layer.makeCache(sequences: 1)
    for rows in [0..<7, 7..<8, 8..<17, 17..<50, 50..<60] {
      let found = layer.apply(x.rows(rows), cache: cache)
      expectClose(found, whole.rows(rows), .gradient, "rows \(rows)")
    }
  }

  // snippet.by-hand
  @Test func `by hand: two tokens, one head, one latent of two numbers`() throws {
    let sizes = LatentAttentionSizes(
      queryRank: nil, keyValueRank: 2, contentWidth: 1, rotaryWidth: 2, valueWidth: 1)
    var generator = SplitMix64(seed: 0)
    let layer = LatentAttention(
      width: 2, shape: LatentShape(sizes, heads: 1),
      rotary: RotaryEmbedding(width: 2, theta: 10_000, layout: .interleaved), deviation: 1,
      outputDeviation: 1, using: &generator)
    // Token 0 is (1, 0), token 1 is (0, 1): a column of a matrix is what it makes of one of them.
    try layer.weight("q_proj").value = Tensor([0, 2, 0, 1, 0, 0], shape: [3, 2])
    try layer.weight("kv_a_proj_with_mqa").value = Tensor(
      [5, 1, 5, 7, 1, 1, 0, 0], shape: [4, 2])
    try layer.weight("kv_b_proj").value = Tensor([1, 0, 0, 10], shape: [2, 2])
    try layer.weight("o_proj").value = Tensor([1, 0], shape: [2, 1])
    let x = Tensor([1, 0, 0, 1], shape: [2, 2])
    expectClose(layer.apply(x), [10, 0, 11.3644, 0], Tolerance(1e-5, "four digits"))
    let cache = layer.makeCache(sequences: 1)
    _ = layer.apply(x.rows(0..<1), cache: cache)
    let last = layer.apply(x.rows(1..<2), cache: cache)
    expectClose(last, [11.3644, 0], Tolerance(1e-5, "four digits"))
  }
  // snippet.end

  // snippet.mistakes
  @Test(arguments: LatentTwin.Mistake.allCases)
  func `has no order, norm or scale that could be otherwise`(_ mistake: LatentTwin.Mistake) {
    let sizes = LatentCase(
      queryRank: 7, rank: 6, content: 4, rotary: 4, value: 4, heads: 3, layout: .interleaved)
    let layer = sizes.layer()
    let x = Tensor.test(6, sizes.width)
    let found = layer.apply(x).doubles
    var twin = sizes.twin(of: layer)
    expectClose(layer.apply(x), twin.expanded(x.doubleRows).flatMap { $0 }, .gradient)
    twin.mistake = mistake
    let wrong = twin.expanded(x.doubleRows).flatMap { $0 }
    let size = found.map { abs($0) }.max() ?? 0
    let difference = zip(found, wrong).map { abs($0 - $1) }.max() ?? 0
    #expect(difference > 0.02 * size, "a test on these sizes could not tell")
  }
  // snippet.end

  @Test func `turns neighbours, or entries half a head apart once the weights are reordered`()
    throws
  {
    let sizes = LatentCase.wide
    let neighbours = sizes.layer()
    let apart = sizes.layer(
      rotary: RotaryEmbedding(width: 16, theta: 100, layout: .halfSplit))
    let x = Tensor.test(8, sizes.width)
    let (content, rotary) = (sizes.content, sizes.rotary)
    // Row j of the new order is row 2j of the old, and row j + 8 is row 2j + 1.
    let order = (0..<rotary).map { $0 < rotary / 2 ? 2 * $0 : 2 * ($0 - rotary / 2) + 1 }
    let inQueries = (0..<sizes.heads).flatMap { head -> [Int] in
      let first = head * (content + rotary)
      return Array(first..<first + content) + order.map { first + content + $0 }
    }
    let inKey = Array(0..<sizes.rank) + order.map { sizes.rank + $0 }
    for (name, rows) in [("q_b_proj", inQueries), ("kv_a_proj_with_mqa", inKey)] {
      let (old, new) = (try neighbours.weight(name), try apart.weight(name))
      let reordered = rows.flatMap { old.value.rows($0..<$0 + 1).scalars }
      new.value = Tensor(reordered, shape: old.shape)
    }
    expectClose(apart.apply(x), neighbours.apply(x), .gradient)
  }

  // snippet.positions
  @Test(arguments: LatentCase.all)
  func `sees positions through the rotary parts alone`(_ sizes: LatentCase) throws {
    let layer = sizes.layer()
    let x = Tensor.test(6, sizes.width)
    expectClose(
      layer.apply(x, from: 700), layer.apply(x), Tolerance(1e-4, "rounded sines"))
    func lastAfterExchange() -> Double {
      let mixed = Tensor(
        [1, 0, 2, 3, 4, 5].flatMap { x.rows($0..<$0 + 1).scalars }, shape: x.shape)
      let (one, other) = (layer.apply(x).rows(5..<6), layer.apply(mixed).rows(5..<6))
      return zip(one.doubles, other.doubles).map { abs($0 - $1) }.max() ?? 0
    }
    #expect(lastAfterExchange() > 1e-3, "the order of the first two tokens matters")
    let key = try layer.weight("kv_a_proj_with_mqa")
    var silenced = key.value
    for row in sizes.rank..<sizes.rank + sizes.rotary {
      for column in 0..<sizes.width { silenced[row, column] = 0 }
    }
    key.value = silenced
    #expect(lastAfterExchange() < 1e-5, "without a rotary key no position is left")
  }
  // snippet.end

  @Test(arguments: LatentCase.all)
  func `lists every weight under the names of DeepSeek`(_ sizes: LatentCase) {
    let layer = sizes.layer()
    let queries =
      sizes.queryRank == nil ? ["q_proj"] : ["q_a_proj", "q_a_layernorm", "q_b_proj"]
    let rest = ["kv_a_proj_with_mqa", "kv_a_layernorm", "kv_b_proj", "o_proj"]
    #expect(layer.namedParameters.map(\.name) == (queries + rest).map { "\($0).weight" })
    expectEveryPartListed(layer)
    let heads = sizes.heads
    #expect(
      layer.parameters.suffix(4).map(\.shape) == [
        [sizes.rank + sizes.rotary, sizes.width], [sizes.rank],
        [heads * (sizes.content + sizes.value), sizes.rank],
        [sizes.width, heads * sizes.value],
      ])
  }

  @Test func `has the same bits on any number of threads`() {
    let sizes = LatentCase.wide
    let layer = sizes.layer()
    let x = Tensor.test(2 * 250, sizes.width)
    func run() -> (Tensor, [Tensor?]) {
      let tape = Tape()
      let pass = Pass(Sequences(count: 2, length: 250), on: tape)
      let y = layer(tape.constant(x), in: pass, cache: nil)
      let gradients = tape.gradients(of: y, upstream: .test(500, sizes.width)).now()
      return (y.value, layer.parameters.map { gradients[$0] })
    }
    let alone = Threads.with(1) { run() }
    for threads in [2, 3, 8] {
      let together = Threads.with(threads) { run() }
      #expect(together.0 == alone.0 && together.1 == alone.1, "\(threads) threads")
    }
  }
}
