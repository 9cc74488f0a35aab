import Attention
import Checkpoints
import MLA
import Tensors
import TestSupport
import Testing

/// The gradient checks of chapter 3.
enum Chapter03 {
  @GradientCaseList static var cases: [GradientCase] {
    attention("one token", heads: 2, content: 3, rotary: 2, value: 2, 1, 1)
    attention("two sequences", heads: 2, content: 2, rotary: 4, value: 3, 2, 5)
    attention("one head", heads: 1, content: 1, rotary: 2, value: 1, 1, 6)
    attention("a tile and a row", heads: 1, content: 1, rotary: 2, value: 1, 1, 25)
    attention("values wider than keys", heads: 3, content: 1, rotary: 2, value: 6, 1, 4)
  }

  private static func attention(
    _ note: String, heads: Int, content: Int, rotary: Int, value: Int, _ sequences: Int,
    _ length: Int
  ) -> GradientCase {
    let shape = LatentShape(
      LatentAttentionSizes(
        queryRank: nil, keyValueRank: 4, contentWidth: content, rotaryWidth: rotary,
        valueWidth: value), heads: heads)
    let layout = Sequences(count: sequences, length: length)
    let twin = FusedTwin(shape: shape, sequences: sequences, length: length)
    return GradientCase(
      "latentAttention", note, of: .test(layout.rows, heads * shape.keyWidth),
      .test(layout.rows, heads * shape.expandedWidth, seed: 2),
      .test(layout.rows, rotary, seed: 3)
    ) {
      latentAttention($0[0], $0[1], $0[2], shape, layout)
    } twin: {
      twin.forward($0[0], $0[1], $0[2])
    }
  }
}

/// The recorded operation as its formula, in Double.
struct FusedTwin {
  let shape: LatentShape
  let sequences, length: Int

  func forward(_ queries: [Double], _ expanded: [Double], _ rotaryKey: [Double]) -> [Double] {
    let q = rows(queries, of: shape.keyWidth)
    let e = rows(expanded, of: shape.expandedWidth)
    let r = rows(rotaryKey, of: shape.sizes.rotaryWidth)
    let heads = shape.heads
    return (0..<sequences * length).flatMap { row -> [Double] in
      let first = row / length * length
      return (0..<heads).flatMap { h -> [Double] in
        let seen = first...row
        let scores = seen.map { j -> Double in
          let key = Array(e[j * heads + h][..<shape.sizes.contentWidth]) + r[j]
          return dot(q[row * heads + h], key) / Double(shape.keyWidth).squareRoot()
        }
        let values = seen.map { Array(e[$0 * heads + h][shape.sizes.contentWidth...]) }
        return mean(values, softmax(scores))
      }
    }
  }
}

@Suite struct `The fused form` {
  @Test(arguments: Chapter03.cases)
  func `agrees with its twin in value and in gradient`(_ gradientCase: GradientCase) {
    gradientCase.check()
  }

  @Test func `has a gradient case for every operation`() throws {
    try expectCase(forEachOperationOf: 3, among: Chapter03.cases)
  }

  // snippet.fused-oracle
  @Test(arguments: [23, 24, 97, 240, 250])
  func `equals chapter 2's attention with whole keys, copied for every head`(_ length: Int) {
    let sizes = LatentCase.wide
    let (shape, layout) = (sizes.shape, Sequences(count: 2, length: length))
    let tape = Tape()
    let inputs = [
      Parameter(.test(layout.rows, shape.heads * shape.keyWidth)),
      Parameter(.test(layout.rows, shape.heads * shape.expandedWidth, seed: 2)),
      Parameter(.test(layout.rows, sizes.rotary, seed: 3)),
    ]
    let upstream = Tensor.test(layout.rows, shape.heads * sizes.value, seed: 4)
    let fused = latentAttention(
      tape[inputs[0]], tape[inputs[1]], tape[inputs[2]], shape, layout)
    let gradients = tape.gradients(of: fused, upstream: upstream).now()

    let other = Tape()
    let expanded = other[inputs[1]].reshaped(to: [
      layout.rows, shape.heads, shape.expandedWidth,
    ])
    let pieces = expanded.split(sizes: [sizes.content, sizes.value])
    let shared = other[inputs[2]].reshaped(to: [layout.rows, 1, sizes.rotary])
    let copies = Variable.concatenated(
      [Variable](repeating: shared, count: shape.heads), along: 1)
    let keys = pieces[0].concatenated(with: copies)
      .reshaped(to: [layout.rows, shape.heads * shape.keyWidth])
    let values = pieces[1].reshaped(to: [layout.rows, shape.heads * sizes.value])
    let plain = flashAttention(
      other[inputs[0]], keys, values,
      AttentionShape(
        heads: shape.heads, keyValueHeads: shape.heads, keyWidth: shape.keyWidth,
        valueWidth: sizes.value), layout)
    #expect(fused.value == plain.value)
    let expected = other.gradients(of: plain, upstream: upstream).now()
    #expect(gradients[inputs[0]] == expected[inputs[0]])
    #expect(gradients[inputs[1]] == expected[inputs[1]])
    // The copies' gradients are summed in another order.
    if let found = gradients[inputs[2]], let sum = expected[inputs[2]] {
      expectClose(found, sum, .gradient)
    }
  }
  // snippet.end

  @Test func `needs memory in proportion to the length`() async {
    // A process of its own: nobody else's tensors are counted.
    await #expect(processExitsWith: .success) {
      func bytes(length: Int) -> Int {
        TensorMemory.drain()
        let (sizes, layout) = (LatentCase.direct, Sequences(count: 1, length: length))
        Threads.with(1) {
          let tape = Tape()
          let output = latentAttention(
            tape.variable(Tensor(shape: [length, sizes.heads * sizes.shape.keyWidth])),
            tape.variable(Tensor(shape: [length, sizes.heads * sizes.shape.expandedWidth])),
            tape.variable(Tensor(shape: [length, sizes.rotary])), sizes.shape, layout)
          _ = tape.gradients(of: output, upstream: output.value)
        }
        return TensorMemory.heldBytes
      }
      let (short, long) = (bytes(length: 2048), bytes(length: 4096))
      insist(long < 5 * short / 2, "\(short) bytes became \(long)")
      let matrix = 4096 * 4096 * 4
      insist(long < matrix / 8, "\(long) bytes, where the matrix alone would take \(matrix)")
    }
  }

  @Test func `stops when the operands do not fit`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let (tape, sizes) = (Tape(recording: false), LatentCase.direct)
      let rows = tape.constant(Tensor.test(3, 10))
      _ = latentAttention(rows, rows, rows, sizes.shape, Sequences(count: 1, length: 3))
    }
    expectSaid(result, "latentAttention: queries [3, 10], expanded [3, 10], rotary key [3, 10]")
  }
}
