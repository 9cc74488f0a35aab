import Tensors
import TestSupport
import Testing

@Suite struct `Elementary operations` {
  let matrix = Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3])

  @Test func `stretch a row down a matrix and a column across it`() {
    let row = Tensor([10, 20, 30], shape: [3])
    let column = Tensor([100, 200], shape: [2, 1])
    #expect((matrix + row).scalars == [11, 22, 33, 14, 25, 36])
    #expect((matrix + column).scalars == [101, 102, 103, 204, 205, 206])
    #expect((column - row).scalars == [90, 80, 70, 190, 180, 170])
    #expect((Tensor(2) * matrix).scalars == [2, 4, 6, 8, 10, 12])
    #expect((column + row).shape == [2, 3])
  }

  @Test func `stretch shapes with any axis of size 1 as a plain loop over places does`() {
    let shapes = [[2, 3, 4], [1, 3, 4], [2, 1, 4], [2, 3, 1], [3, 1], [4], [1, 1, 1], []]
    for a in shapes {
      for b in shapes where Swift.max(a.count, b.count) == 3 {
        let (x, y) = (Tensor.test(shape: a), Tensor.test(shape: b, seed: 2))
        let difference = x - y
        let size = difference.shape
        let expected = table(difference.count) { place in
          let index = [place / (size[1] * size[2]), place / size[2] % size[1], place % size[2]]
          return entry(x, index) - entry(y, index)
        }
        expectClose(difference, expected, .rounding, "\(a) - \(b)")
      }
    }
  }

  /// The entry of a tensor at an index of a larger shape.
  private func entry(_ tensor: Tensor, _ index: [Int]) -> Double {
    var place = 0
    for (size, i) in zip(tensor.shape, index.suffix(tensor.shape.count)) {
      place = place * size + (size == 1 ? 0 : i)
    }
    return Double(tensor.scalars[place])
  }

  @Test func `add along each axis`() {
    let tape = Tape()
    let x = tape.constant(matrix)
    #expect(x.sum().value.scalar == 21)
    #expect(x.mean().value.scalar == 3.5)
    #expect(x.sum(along: 0).value.scalars == [5, 7, 9])
    #expect(x.sum(along: -1).value.scalars == [6, 15])
    #expect(x.mean(along: 1, keepingAxis: true).value == Tensor([2, 5], shape: [2, 1]))
  }

  @Test func `add a million tenths to seven digits`() {
    let sum = Tensor(repeating: 0.1, shape: [1000, 1000]).summed(to: [])
    expectClose(sum, [Double(Float(0.1)) * 1_000_000], .rounding)
  }

  @Test func `find the first of the largest entries`() {
    let ties = Tensor([3, 7, 7, -1, -1, -2], shape: [2, 3])
    let (values, indices) = ties.maximum(along: 1)
    #expect(values.scalars == [7, -1])
    #expect(indices == [1, 0])
    let tape = Tape()
    let x = tape.variable(ties)
    let gradients = tape.gradients(of: x.maximum(along: 1).sum())
    #expect(gradients[x]?.scalars == [0, 1, 0, 1, 0, 0])
    let unknown = Tensor([1, .nan, 5, .nan], shape: [4]).maximum(along: 0)
    #expect(unknown.values.scalar.isNaN && unknown.indices == [1])
  }

  @Test func `gather rows and add them back`() {
    let table = Tensor([0, 1, 10, 11, 20, 21], shape: [3, 2])
    let rows = table.gathered(at: [2, 0, 2])
    #expect(rows == Tensor([20, 21, 0, 1, 20, 21], shape: [3, 2]))
    #expect(rows.scatterAdded(to: [2, 0, 2], rows: 3).scalars == [0, 1, 0, 0, 40, 42])
    #expect(matrix.picked(at: [2, 0, 1, 1]) == Tensor([3, 1, 5, 5], shape: [2, 2]))
  }

  @Test func `cut, join and turn`() {
    let (left, right) = (matrix.sliced(0..<1, along: 1), matrix.sliced(1..<3, along: 1))
    #expect(left.scalars == [1, 4])
    #expect(right.scalars == [2, 3, 5, 6])
    #expect(Tensor.concatenated([left, right], along: 1) == matrix)
    #expect(matrix.permuted([1, 0]) == Tensor([1, 4, 2, 5, 3, 6], shape: [3, 2]))
    let block = Tensor.test(2, 3, 4)
    #expect(block.permuted([2, 0, 1]).permuted([1, 2, 0]) == block)
    #expect(block.permuted([2, 0, 1])[3, 1, 2] == block[1, 2, 3])
  }

  @Test func `hide entries, so that even an infinite one sends nothing back`() {
    let tape = Tape()
    let x = tape.variable(Tensor([.nan, 2, 3, .infinity], shape: [2, 2]))
    let y = x.masked(where: [true, false, false, true], with: -1)
    #expect(y.value.scalars == [-1, 2, 3, -1])
    #expect(tape.gradients(of: y.sum())[x]?.scalars == [0, 1, 1, 0])
  }

  @Test func `keep NaN and infinity where they belong`() {
    let odd = Tensor([.nan, .infinity, -.infinity, 200, -200], shape: [5])
    let exponentials = odd.exponentials().scalars
    #expect(exponentials[0].isNaN)
    #expect(Array(exponentials[1...]) == [.infinity, 0, .infinity, 0])
    let sigmoids = odd.sigmoids().scalars
    #expect(sigmoids[0].isNaN)
    #expect(sigmoids[1] == 1 && sigmoids[3] == 1)
    #expect(sigmoids[2] < 1e-37 && sigmoids[4] < 1e-37)
    #expect(odd.silus().scalars[0].isNaN)
    let tape = Tape()
    #expect(tape.constant(odd).relu().value.scalars[0].isNaN)
  }

  @Test func `give the same bits on any number of threads`() {
    let x = Tensor.test(300_001)
    let expected = Threads.with(1) { x.silus() }
    for threads in [2, 3, 8] {
      #expect(Threads.with(threads) { x.silus() } == expected, "\(threads) threads")
    }
  }
}
