import Attention
import Tensors
import TestSupport
import Testing

/// One shape of attention, with operands for it.
struct AttentionCase: Sendable, CustomTestStringConvertible {
  let heads, keys, keyWidth, valueWidth, sequences, length: Int

  init(_ heads: Int, over keys: Int, _ keyWidth: Int, _ valueWidth: Int, _ layout: [Int]) {
    self.heads = heads
    self.keys = keys
    self.keyWidth = keyWidth
    self.valueWidth = valueWidth
    (sequences, length) = (layout[0], layout[1])
  }

  var testDescription: String {
    "\(heads) over \(keys) heads of \(keyWidth) and \(valueWidth), \(sequences) × \(length)"
  }

  var shape: AttentionShape {
    AttentionShape(
      heads: heads, keyValueHeads: keys, keyWidth: keyWidth, valueWidth: valueWidth)
  }
  var layout: Sequences { Sequences(count: sequences, length: length) }
  var twin: AttentionTwin {
    AttentionTwin(shape: shape, sequences: sequences, length: length)
  }
  var q: Tensor { .test(layout.rows, heads * keyWidth) }
  var k: Tensor { .test(layout.rows, keys * keyWidth, seed: 2) }
  var v: Tensor { .test(layout.rows, keys * valueWidth, seed: 3) }

  /// The output, and the gradients of q, k and v for a given gradient of the output.
  func run(_ upstream: Tensor) -> (output: Tensor, gradients: [Tensor?]) {
    run(q, k, v, upstream)
  }

  func run(
    _ q: Tensor, _ k: Tensor, _ v: Tensor, _ upstream: Tensor
  ) -> (output: Tensor, gradients: [Tensor?]) {
    let tape = Tape()
    let operands = [tape.variable(q), tape.variable(k), tape.variable(v)]
    let output = flashAttention(operands[0], operands[1], operands[2], shape, layout)
    let gradients = tape.gradients(of: output, upstream: upstream)
    return (output.value, operands.map { gradients[$0] })
  }

  static let all = [
    AttentionCase(1, over: 1, 8, 8, [1, 1]), AttentionCase(1, over: 1, 8, 8, [2, 2]),
    AttentionCase(2, over: 1, 8, 4, [1, 23]), AttentionCase(4, over: 2, 6, 4, [1, 24]),
    AttentionCase(3, over: 3, 4, 4, [1, 65]), AttentionCase(4, over: 1, 12, 8, [2, 70]),
    AttentionCase(2, over: 2, 5, 7, [1, 97]), AttentionCase(2, over: 1, 24, 16, [1, 200]),
    AttentionCase(4, over: 2, 3, 3, [5, 7]), AttentionCase(1, over: 1, 16, 16, [1, 240]),
    AttentionCase(2, over: 1, 4, 16, [1, 241]), AttentionCase(1, over: 1, 5, 3, [1, 500]),
  ]
}

@Suite struct `Flash attention` {
  // snippet.flash-oracle
  @Test(arguments: AttentionCase.all)
  func `agrees with the plain formula in Double`(_ sizes: AttentionCase) {
    let upstream = Tensor.test(sizes.layout.rows, sizes.heads * sizes.valueWidth, seed: 4)
    let (output, gradients) = sizes.run(upstream)
    let (q, k, v) = (sizes.q.doubles, sizes.k.doubles, sizes.v.doubles)
    expectClose(output, sizes.twin.forward(q, k, v), .product)

    let expected = sizes.twin.backward(upstream.doubles, q, k, v)
    let names = ["q", "k", "v"]
    for (index, gradient) in [expected.q, expected.k, expected.v].enumerated() {
      guard let found = gradients[index] else {
        Issue.record("no gradient of \(names[index])")
        continue
      }
      expectClose(found, gradient, .gradient, "gradient of \(names[index])")
    }
  }
  // snippet.end

  @Test(arguments: [(24, 5460), (240, 780)])
  func `equals the first FlashAttention, which returns to a row for every tile of keys`(
    _ keys: Int, _ visits: Int
  ) {
    let sizes = AttentionCase(1, over: 1, 5, 3, [1, 500])
    let (output, _) = sizes.run(Tensor(repeating: 1, shape: [500, 3]))
    let twin = FirstFlashTwin(
      length: 500, keyWidth: 5, valueWidth: 3, scale: Double(sizes.shape.scale), keys: keys)
    let first = twin.forward(sizes.q.doubles, sizes.k.doubles, sizes.v.doubles)
    expectClose(output, first.output, .product)
    // Here a row is finished after all its tiles, once: 500 visits.
    #expect(first.visits == visits)
    // The example of the page: scores of 1, 2 and 4, of which two come in the first tile.
    let example = FirstFlashTwin(length: 3, keyWidth: 1, valueWidth: 1, scale: 1, keys: 2)
    let found = example.forward([1, 1, 1], [1, 2, 4], [10, 20, 30]).output
    #expect(abs(found[1] - 17.3106) < 1e-4 && abs(found[2] - 28.0178) < 1e-4)
  }

  @Test func `of two tokens with equal keys averages their values`() {
    // The first token sees itself alone; the second sees both, with weights one half.
    let shape = AttentionShape(heads: 1, keyValueHeads: 1, keyWidth: 2, valueWidth: 1)
    let tape = Tape(recording: false)
    let k = tape.constant(Tensor([1, 2, 1, 2], shape: [2, 2]))
    let v = tape.constant(Tensor([10, 30], shape: [2, 1]))
    let o = flashAttention(k, k, v, shape, Sequences(count: 1, length: 2)).value
    #expect(o.scalars == [10, 20])
  }

  @Test(arguments: [0, 5, 23, 24, 95, 96, 239, 240, 250])
  func `never looks ahead`(_ row: Int) {
    let sizes = AttentionCase(2, over: 1, 4, 4, [1, 260])
    let upstream = Tensor.test(260, 8, seed: 4)
    let (before, _) = sizes.run(upstream)
    var (q, k, v) = (sizes.q, sizes.k, sizes.v)
    for later in row + 1..<260 {
      for column in 0..<8 { q[later, column] += 3 }
      for column in 0..<4 {
        k[later, column] -= 2
        v[later, column] = 100
      }
    }
    let (after, _) = sizes.run(q, k, v, upstream)
    #expect(after.rows(0..<row + 1) == before.rows(0..<row + 1))
    #expect(after.rows(row + 1..<260) != before.rows(row + 1..<260))
  }

  @Test func `keeps sequences apart`() {
    let two = AttentionCase(2, over: 1, 4, 4, [2, 70])
    let one = AttentionCase(2, over: 1, 4, 4, [1, 70])
    let upstream = Tensor.test(140, 8, seed: 4)
    let (together, _) = two.run(upstream)
    for sequence in 0..<2 {
      let rows = sequence * 70..<(sequence + 1) * 70
      let (alone, _) = one.run(
        two.q.rows(rows), two.k.rows(rows), two.v.rows(rows), upstream.rows(rows))
      #expect(together.rows(rows) == alone)
    }
  }

  @Test(arguments: [Float(1e4), -1e4])
  func `stays exact when scores are huge`(_ size: Float) {
    // Three keys make scores of about ± size, at both sides of a tile's edge, and the running
    // maximum jumps.
    let sizes = AttentionCase(1, over: 1, 2, 3, [1, 300])
    let q = Tensor(repeating: 1, shape: [300, 2])
    var k = Tensor.test(300, 2, seed: 2)
    for row in [10, 239, 250] { k[row, 0] = size * (row == 250 ? 1.5 : 1) }
    let upstream = Tensor.test(300, 3, seed: 4)
    let (output, gradients) = sizes.run(q, k, sizes.v, upstream)
    let (qs, ks, vs) = (q.doubles, k.doubles, sizes.v.doubles)
    // A score of 1e4 is rounded by up to 5e-4, and so is the weight that it leads to.
    let tolerance = Tolerance(2e-3, "the scores themselves are rounded")
    expectClose(output, sizes.twin.forward(qs, ks, vs), tolerance)
    let expected = sizes.twin.backward(upstream.doubles, qs, ks, vs)
    for (found, twin) in zip(gradients[1...], [expected.k, expected.v]) {
      if let found { expectClose(found, twin, tolerance) }
    }
    // Gradients of scores cancel to within a rounding, and queries receive them times the keys.
    for (found, twin) in zip(gradients[0]?.doubles ?? [.nan], expected.q) {
      #expect(abs(found - twin) < 1e-6 * abs(Double(size)))
    }
    #expect(gradients.allSatisfy { $0?.scalars.allSatisfy(\.isFinite) == true })
  }

  @Test func `ignores a constant that is added to all scores of a row`() {
    let sizes = AttentionCase(1, over: 1, 3, 4, [1, 90])
    // The third entry of every query is 4 and of every key 8: 32τ is added to each score.
    var (q, k) = (sizes.q, sizes.k)
    for row in 0..<90 { (q[row, 2], k[row, 2]) = (0, 0) }
    let upstream = Tensor.test(90, 4, seed: 4)
    let (plain, _) = sizes.run(q, k, sizes.v, upstream)
    for row in 0..<90 { (q[row, 2], k[row, 2]) = (4, 8) }
    let (shifted, _) = sizes.run(q, k, sizes.v, upstream)
    expectClose(shifted, plain, Tolerance(1e-5, "scores near 20 are rounded by 1e-6"))
  }

  @Test func `takes the scale that it is given`() {
    let plain = AttentionShape(heads: 1, keyValueHeads: 1, keyWidth: 16, valueWidth: 4)
    #expect(plain.scale == 0.25)
    let scaled = AttentionShape(
      heads: 1, keyValueHeads: 1, keyWidth: 16, valueWidth: 4, scale: 0.5)
    let layout = Sequences(count: 1, length: 9)
    let (q, k, v) = (
      Tensor.test(9, 16), Tensor.test(9, 16, seed: 2), Tensor.test(9, 4, seed: 3)
    )
    let tape = Tape(recording: false)
    let output = flashAttention(
      tape.constant(q), tape.constant(k), tape.constant(v), scaled, layout)
    let twin = AttentionTwin(shape: scaled, sequences: 1, length: 9)
    expectClose(output.value, twin.forward(q.doubles, k.doubles, v.doubles), .product)
  }

  @Test func `has the same bits on any number of threads`() {
    let sizes = AttentionCase(4, over: 2, 16, 16, [2, 250])
    let upstream = Tensor.test(500, 64, seed: 4)
    let alone = Threads.with(1) { sizes.run(upstream) }
    for threads in [2, 3, 8] {
      let together = Threads.with(threads) { sizes.run(upstream) }
      #expect(together.output == alone.output, "\(threads) threads")
      #expect(together.gradients == alone.gradients, "\(threads) threads")
    }
  }

  @Test func `needs memory in proportion to the length`() async {
    // A process of its own: nobody else's tensors are counted.
    await #expect(processExitsWith: .success) {
      func bytes(length: Int) -> Int {
        TensorMemory.drain()
        let sizes = AttentionCase(1, over: 1, 8, 8, [1, length])
        _ = Threads.with(1) { sizes.run(Tensor(repeating: 1, shape: [length, 8])) }
        return TensorMemory.heldBytes
      }
      let (short, long) = (bytes(length: 1024), bytes(length: 2048))
      insist(long < 5 * short / 2, "\(short) bytes became \(long)")
      let matrix = 2048 * 2048 * 4
      insist(long < matrix / 8, "\(long) bytes, where the matrix alone would take \(matrix)")
    }
  }

  @Test func `stops when the operands do not fit`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let shape = AttentionShape(heads: 2, keyValueHeads: 1, keyWidth: 4, valueWidth: 4)
      let tape = Tape(recording: false)
      let (wide, narrow) = (tape.constant(Tensor.test(3, 8)), tape.constant(Tensor.test(3, 4)))
      _ = flashAttention(wide, wide, narrow, shape, Sequences(count: 1, length: 3))
    }
    expectSaid(result, "flashAttention: q [3, 8], k [3, 8], v [3, 4] do not fit 3 rows")
  }

  @Test func `stops when heads cannot share keys evenly`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = AttentionShape(heads: 6, keyValueHeads: 4, keyWidth: 4, valueWidth: 4)
    }
    expectSaid(result, "AttentionShape: 6 heads cannot share 4 key heads evenly")
  }
}
