import Attention
import Foundation
import Tensors
import TestSupport
import Testing

@Suite struct `A rotary embedding` {
  /// Rotates one row, in which a single head stands.
  private func rotated(_ x: Tensor, _ rotary: RotaryEmbedding, at position: Int) -> Tensor {
    let row = Tape(recording: false).constant(x.reshaped(to: [1, x.count]))
    return row.rotated(by: rotary.table([position])).value
  }

  private func product(_ a: Tensor, _ b: Tensor) -> Double {
    dot(a.doubles[...], b.doubles[...])
  }

  @Test func `turns each pair by its own angle`() {
    // θ = 10 000 and width 4: the pairs turn by 1 and by 10 000^(−1/2) = 0.01 a position.
    // At position 2 the angles are 2 and 0.02.
    // (1, 0) becomes (cos 2, sin 2); (0, 1) becomes (−sin 0.02, cos 0.02).
    let halfSplit = RotaryEmbedding(width: 4, theta: 10_000, layout: .halfSplit)
    let x = Tensor([1, 0, 0, 1], shape: [4])
    let y = rotated(x, halfSplit, at: 2)
    expectClose(y, [-0.41614684, -0.01999867, 0.90929743, 0.99980001])

    let interleaved = RotaryEmbedding(width: 4, theta: 10_000, layout: .interleaved)
    let z = rotated(Tensor([1, 0, 0, 1], shape: [4]), interleaved, at: 2)
    expectClose(z, [-0.41614684, 0.90929743, -0.01999867, 0.99980001])
  }

  @Test(arguments: RotaryEmbedding.Layout.allCases)
  func `leaves the first position as it is`(_ layout: RotaryEmbedding.Layout) {
    let rotary = RotaryEmbedding(width: 8, theta: 10_000, layout: layout)
    let x = Tensor.test(1, 8)
    #expect(rotated(x, rotary, at: 0) == x)
  }

  // snippet.rotary-distance
  @Test(arguments: RotaryEmbedding.Layout.allCases)
  func `makes products depend on distances only`(_ layout: RotaryEmbedding.Layout) {
    let rotary = RotaryEmbedding(width: 16, theta: 10_000, layout: layout)
    let (q, k) = (Tensor.test(16), Tensor.test(16, seed: 2))
    let near = product(rotated(q, rotary, at: 7), rotated(k, rotary, at: 3))
    for shift in [1, 10, 1000, 100_000] {
      let far = product(rotated(q, rotary, at: 7 + shift), rotated(k, rotary, at: 3 + shift))
      #expect(abs(far - near) < 2e-5, "moved by \(shift)")
    }
    let other = product(rotated(q, rotary, at: 8), rotated(k, rotary, at: 3))
    #expect(abs(other - near) > 1e-2, "another distance is another product")
  }
  // snippet.end

  @Test(arguments: RotaryEmbedding.Layout.allCases)
  func `turns only the tail of wider heads`(_ layout: RotaryEmbedding.Layout) {
    // Two heads of 5, of which the last 4 turn: the same as turning those alone.
    let rotary = RotaryEmbedding(width: 4, theta: 10_000, layout: layout)
    let x = Tensor.test(3, 10)
    let table = rotary.table([5, 6, 7])
    let tape = Tape(recording: false)
    let y = tape.constant(x).rotated(by: table, tailOf: 5).value
    for row in 0..<3 {
      for head in 0..<2 {
        let start = row * 10 + head * 5
        #expect(y.scalars[start] == x.scalars[start])
        let tail = Tensor(Array(x.scalars[start + 1..<start + 5]), shape: [4])
        let alone = rotated(tail, rotary, at: 5 + row)
        #expect(Array(y.scalars[start + 1..<start + 5]) == alone.scalars)
      }
    }
  }

  @Test func `multiplies by its amplitude`() {
    let plain = RotaryEmbedding(width: 4, theta: 100)
    let loud = RotaryEmbedding(
      frequencies: plain.frequencies, layout: .halfSplit, amplitude: 1.5)
    let x = Tensor.test(4)
    expectClose(rotated(x, loud, at: 9), rotated(x, plain, at: 9).doubles.map { 1.5 * $0 })
  }

  @Test(arguments: RotaryEmbedding.Layout.allCases)
  func `keeps the length of every head`(_ layout: RotaryEmbedding.Layout) {
    let rotary = RotaryEmbedding(width: 16, theta: 10_000, layout: layout)
    for (seed, position) in [(1, 1), (2, 63), (3, 4095)] {
      let x = Tensor.test(16, seed: UInt64(seed))
      let y = rotated(x, rotary, at: position)
      #expect(y != x)
      #expect(abs(product(y, y) / product(x, x) - 1) < 1e-6)
    }
  }

  @Test func `has two layouts that differ by a permutation`() {
    let x = Tensor.test(10)
    let (halfSplit, interleaved) = (
      RotaryEmbedding(width: 10, theta: 500, layout: .halfSplit),
      RotaryEmbedding(width: 10, theta: 500, layout: .interleaved)
    )
    // Entry 2i of the one is entry i of the other, entry 2i + 1 is entry i + 5.
    let order = [0, 5, 1, 6, 2, 7, 3, 8, 4, 9]
    let permuted = Tensor(order.map { x[$0] }, shape: [10])
    let expected = rotated(x, halfSplit, at: 12).scalars
    #expect(rotated(permuted, interleaved, at: 12).scalars == order.map { expected[$0] })
  }

  @Test func `is exact at position 100 000`() {
    let rotary = RotaryEmbedding(width: 8, theta: 10_000)
    let table = rotary.table([100_000])
    // The angles are 100 000, 10 000, 1000 and 100; another program computed what follows.
    let cosines = [
      -0.999360807438212, -0.952155368259015, 0.562379076290703, 0.862318872287684,
    ]
    let sines = [0.035748797972017, -0.305614388888252, 0.826879540532003, -0.506365641109759]
    for pair in 0..<4 {
      #expect(abs(Double(table.cosines[0, pair]) - cosines[pair]) < 1e-6)
      #expect(abs(Double(table.sines[0, pair]) - sines[pair]) < 1e-6)
    }
    let single = cos(Float(100_000) * pow(Float(10_000), -0.5 / 8 * 3))
    let double = cos(100_000 * pow(10_000, -0.5 / 8 * 3))
    #expect(abs(Double(single) - double) > 1e-4, "single precision would not do")
  }

  @Test func `counts positions from the offset of each sequence`() {
    let sequences = Sequences(count: 2, length: 3, offsets: [4, 0])
    #expect(sequences.positions == [4, 5, 6, 0, 1, 2])
    #expect(Sequences(count: 2, length: 2).positions == [0, 1, 0, 1])

    let rotary = RotaryEmbedding(width: 4, theta: 100)
    let pass = Pass(sequences, on: Tape(recording: false))
    let x = Tensor.test(6, 8)
    let y = pass.tape.constant(x).rotated(by: pass.table(rotary)).value
    for (row, position) in sequences.positions.enumerated() {
      for head in 0..<2 {
        let entries = Array(x.scalars[row * 8 + head * 4..<row * 8 + head * 4 + 4])
        let expected = rotated(Tensor(entries, shape: [4]), rotary, at: position)
        let found = (0..<4).map { y[row, head * 4 + $0] }
        #expect(found == expected.scalars, "row \(row), head \(head)")
      }
    }
  }
}
