import Tensors
import TestSupport
import Testing

@Suite struct `The matrix product` {
  static let sizes = [1, 2, 3, 5, 6, 7, 8, 15, 16, 17, 31, 33, 64, 65, 257]

  // snippet.worked-product
  @Test func `gives the worked example of the chapter`() {
    let a = Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3])
    let b = Tensor([7, 8, 9, 10, 11, 12], shape: [3, 2])
    #expect(a.matmul(b) == Tensor([58, 64, 139, 154], shape: [2, 2]))
  }
  // snippet.end

  /// Every size meets others as rows, columns and depth; two entries in three are compared.
  @Test(arguments: Transposition.allCases)
  func `agrees with its definition at every edge of a tile`(_ sides: Transposition) {
    for (index, m) in Self.sizes.enumerated() {
      for offset in [0, 3, 7, 11] {
        let n = Self.sizes[(index + offset) % Self.sizes.count]
        let k = Self.sizes[(index * 2 + offset * 5) % Self.sizes.count]
        check(m, n, k, sides)
      }
    }
  }

  @Test func `reads one row times a matrix in place, as decoding does`() {
    for sides in Transposition.allCases {
      for (n, k) in [(1, 1), (33, 300), (300, 33), (7, 64), (1000, 17)] {
        for m in 1...4 { check(m, n, k, sides) }
      }
    }
  }

  @Test func `of depth zero is zero`() {
    let product = Tensor(shape: [5, 0]).matmul(Tensor(shape: [0, 7]))
    #expect(product == Tensor(shape: [5, 7]))
    #expect(Tensor(shape: [1, 0]).matmul(Tensor(shape: [0, 2])).scalars == [0, 0])
    #expect(Tensor(shape: [0, 3]).matmul(Tensor(shape: [3, 2])).scalars == [])
  }

  @Test func `adds to what is there when asked`() {
    for (m, n, k) in [(1, 5, 3), (3, 9, 2), (7, 33, 300), (6, 16, 8), (80, 19, 0)] {
      let (a, b) = (Tensor.test(m, k), Tensor.test(k, n, seed: 2))
      let start = Tensor.test(m, n, seed: 3)
      var c = start
      c.add(a.matmul(b))
      var accumulated = start
      accumulated.accumulateProduct(of: a, b)
      expectClose(accumulated, c, .product, "\(m) × \(n) × \(k)")
    }
  }

  @Test func `takes one product for each index of the leading axes`() {
    let (a, b) = (Tensor.test(2, 3, 5, 4), Tensor.test(2, 3, 4, 7, seed: 2))
    let product = a.matmul(b)
    #expect(product.shape == [2, 3, 5, 7])
    for i in 0..<2 {
      for j in 0..<3 {
        let left = a.sliced(i..<i + 1, along: 0).sliced(j..<j + 1, along: 1)
        let right = b.sliced(i..<i + 1, along: 0).sliced(j..<j + 1, along: 1)
        let one = left.reshaped(to: [5, 4]).matmul(right.reshaped(to: [4, 7]))
        let here = product.sliced(i..<i + 1, along: 0).sliced(j..<j + 1, along: 1)
        #expect(here.reshaped(to: [5, 7]) == one, "product \(i), \(j)")
      }
    }
  }

  // snippet.same-bits
  @Test(arguments: [(300, 200, 150), (120, 700, 64), (700, 50, 100), (1, 700, 400)])
  func `has the same bits on 1, 2, 3 and 8 threads`(_ m: Int, _ n: Int, _ k: Int) {
    let (a, b) = (Tensor.test(m, k), Tensor.test(k, n, seed: 2))
    let expected = Threads.with(1) { a.matmul(b) }
    for threads in [2, 3, 8] {
      #expect(Threads.with(threads) { a.matmul(b) } == expected, "\(threads) threads")
    }
  }
  // snippet.end

  /// So the same seed gives the same bits on a processor with wider vectors.
  @Test(arguments: Transposition.allCases)
  func `has the bits of one chain of steps, whatever the width of a tile`(
    _ sides: Transposition
  ) {
    let k = 300
    let (transposesA, transposesB) = (
      sides == .left || sides == .both, sides == .right || sides == .both
    )
    for (m, n) in [(4, 16), (5, 31), (6, 32), (7, 33), (13, 48), (9, 63), (24, 410)] {
      let a = Tensor.test(shape: transposesA ? [k, m] : [m, k])
      let b = Tensor.test(shape: transposesB ? [n, k] : [k, n], seed: 2)
      let product = a.matmul(b, transposing: sides)
      for (i, j) in [(0, 0), (m - 1, n - 1), (m / 2, n / 2), (0, n - 1), (m - 1, n / 3)] {
        // Two panels: the sum of the first 256 steps, and that of the rest.
        var sums: [Float] = [0, 0]
        for p in 0..<k {
          sums[p / 256] = adding(
            sums[p / 256], transposesA ? a[p, i] : a[i, p], transposesB ? b[j, p] : b[p, j])
        }
        #expect(product[i, j] == sums[0] + sums[1], "\(m) × \(n), entry \(i), \(j)")
      }
    }
  }

  @Test func `reads a transposed matrix for a single row with the same bits, too`() {
    let (a, b) = (Tensor.test(1, 400), Tensor.test(700, 400, seed: 2))
    let expected = Threads.with(1) { a.matmul(b, transposing: .right) }
    for threads in [2, 3, 8] {
      #expect(Threads.with(threads) { a.matmul(b, transposing: .right) } == expected)
    }
  }

  @Test func `gives a batch of products the same bits, too`() {
    let batches = (Tensor.test(9, 60, 40), Tensor.test(9, 40, 70))
    let batch = Threads.with(1) { batches.0.matmul(batches.1) }
    #expect(Threads.with(3) { batches.0.matmul(batches.1) } == batch)
  }

  @Test func `permutes its rows with the rows of the left operand, bit for bit`() {
    let (a, b) = (Tensor.test(97, 40), Tensor.test(40, 31, seed: 2))
    let order = (0..<97).map { $0 * 38 % 97 }
    #expect(a.gathered(at: order).matmul(b) == a.matmul(b).gathered(at: order))
  }

  @Test func `carries NaN and infinity into the entries that they touch, and no others`() {
    for m in [2, 9] {
      var a = Tensor(repeating: 1, shape: [m, 20])
      a[1, 3] = .nan
      var b = Tensor(repeating: 1, shape: [20, 17])
      b[5, 16] = .infinity
      let product = a.matmul(b)
      #expect((0..<17).allSatisfy { product[1, $0].isNaN })
      #expect(product[0, 16] == .infinity)
      #expect((0..<16).allSatisfy { product[0, $0] == 20 })
    }
  }

  private func check(_ m: Int, _ n: Int, _ k: Int, _ sides: Transposition) {
    let left = sides == .left || sides == .both
    let right = sides == .right || sides == .both
    let a = left ? Tensor.test(k, m) : Tensor.test(m, k)
    let b = right ? Tensor.test(n, k, seed: 2) : Tensor.test(k, n, seed: 2)
    let product = a.matmul(b, transposing: sides)
    guard product.shape == [m, n] else {
      Issue.record("\(m) × \(n) × \(k): shape \(product.shape)")
      return
    }
    let places = sample(of: m * n)
    let expected = definition(a.scalars, b.scalars, m, n, k, left, right, at: places)
    let actual = product.scalars
    expectClose(
      places.map { actual[$0] }, expected, .product, "\(m) × \(n) × \(k) transposing \(sides)")
  }

  /// All places of a small matrix; of a large one its borders and some in between.
  private func sample(of count: Int) -> [Int] {
    count <= 300
      ? Array(0..<count)
      : Array(0..<100) + stride(from: 100, to: count, by: 61)
        + Array((count - 40)..<count)
  }

  private func definition(
    _ a: [Float], _ b: [Float], _ m: Int, _ n: Int, _ k: Int, _ left: Bool, _ right: Bool,
    at places: [Int]
  ) -> [Double] {
    places.map { place in
      let (i, j) = (place / n, place % n)
      var sum = 0.0
      for p in 0..<k {
        let x = left ? a[p * m + i] : a[i * k + p]
        let y = right ? b[j * k + p] : b[p * n + j]
        sum += Double(x) * Double(y)
      }
      return sum
    }
  }
}

extension Tensor {
  /// Adds a product of two matrices in place, through the door that kernels use.
  fileprivate mutating func accumulateProduct(of a: Tensor, _ b: Tensor) {
    let (m, n, k) = (a.shape[0], b.shape[1], a.shape[1])
    a.withScalars { a in
      b.withScalars { b in
        withMutableScalars { c in
          guard let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress else {
            return
          }
          MatrixProductKernel.multiply(
            m, n, k, Operand(a, row: k, column: 1), Operand(b, row: n, column: 1),
            into: Result(c, row: n), accumulating: true)
        }
      }
    }
  }
}

@Suite struct `The ladder of products` {
  @Test(arguments: ProductLadder.allCases)
  func `computes the same product on every rung`(_ rung: ProductLadder) {
    for (m, n, k) in [(1, 1, 1), (4, 16, 8), (5, 17, 9), (33, 70, 41), (13, 3, 300)] {
      let (a, b) = (Tensor.test(m, k), Tensor.test(k, n, seed: 2))
      let expected = doubleProduct(m, n, k, a.doubles, b.doubles, transposing: .none)
      expectClose(rung.multiply(a, b), expected, .product, "\(rung) \(m) × \(n) × \(k)")
    }
  }
}

@Suite struct `The peak` {
  @Test func `is measured by sums that each come to rest at one`() {
    let sums = 12 * Widest.scalarCount
    #expect(PeakKernel.operationsPerRound == 2 * sums)
    #expect(PeakKernel.run(rounds: 1000, factor: 0.25) == Float(sums))
  }
}
