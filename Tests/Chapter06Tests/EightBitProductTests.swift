import FP8
import Tensors
import TestSupport
import Testing

/// Sizes of a product: whole blocks, ragged ones, and such that are smaller than a tile.
private struct Sizes: CustomTestStringConvertible {
  let m, n, k: Int

  init(_ m: Int, _ n: Int, _ k: Int) { (self.m, self.n, self.k) = (m, n, k) }

  var testDescription: String { "\(m) × \(k) × \(n)" }

  static let all = [
    Sizes(128, 128, 128), Sizes(1, 1, 1), Sizes(5, 3, 7), Sizes(6, 16, 128),
    Sizes(13, 17, 129), Sizes(200, 96, 300), Sizes(7, 144, 256), Sizes(193, 33, 40),
  ]
}

/// Small integers among which each group has a 448, so that every scale is one and every sum exact.
private func integers(_ rows: Int, _ columns: Int, seed: UInt64) -> Tensor {
  var generator = SplitMix64(seed: seed)
  let entries = (0..<rows * columns).map { place in
    let (row, column) = (place / columns, place % columns)
    let tile = min(128, columns - column / 128 * 128)
    if column % 128 == row % tile { return Float(448) }
    return Float(Int(generator.next() % 9)) - 4
  }
  return Tensor(entries, shape: [rows, columns])
}

private func skewed(_ rows: Int, _ columns: Int, seed: UInt64) -> Tensor {
  let x = Tensor.test(rows, columns, seed: seed)
  let entries = x.scalars.enumerated().map { place, number in
    number * Float(1 << (place / columns % 5)) * Float(1 + place % columns / 128)
  }
  return Tensor(entries, shape: x.shape)
}

@Suite struct `A product in eight bits` {
  // snippet.two-blocks
  @Test func `is worked out by hand for two blocks`() {
    // Two tiles of one row: 448 and 1 under scale 1, 224 and 1 under scale ½.
    var x = [Float](repeating: 0, count: 256)
    (x[0], x[1], x[128], x[129]) = (448, 1.0625, 224, 1.03125)
    // Weights of 448 and 1 in the first block; 896 and 2.25, under scale 2, in the second.
    var w = x
    (w[0], w[1], w[128], w[129]) = (448, 1, 896, 2.25)
    let rows = BlockScaled(Tensor(x, shape: [1, 256]), by: .tile)
    let weights = BlockScaled(Tensor(w, shape: [1, 256]), by: .block)
    #expect(rows.scales.scalars == [1, 0.5] && weights.scales.scalars == [1, 2])
    // 1.0625 is a tie and becomes 1; 1.03125 / ½ = 2.0625 becomes 2; 2.25 / 2 = 1.125 stays.
    let first: Float = 448 * 448 + 1 * 1
    let second: Float = (448 * 448 + 2 * 1.125) * 0.5 * 2
    #expect(rows.matmul(weights).scalars == [first + second])
  }
  // snippet.end

  @Test(arguments: Sizes.all)
  private func `has the bits of the FP32 product where every sum is exact`(sizes: Sizes) {
    let (m, n, k) = (sizes.m, sizes.n, sizes.k)
    let (x, w) = (integers(m, k, seed: 1), integers(n, k, seed: 2))
    let product = BlockScaled(x, by: .tile).matmul(BlockScaled(w, by: .block))
    #expect(product == x.matmul(w, transposing: .right))
  }

  // snippet.three-products
  @Test(arguments: Sizes.all)
  private func `equals the sum of its decoded operands in Double`(sizes: Sizes) {
    let (m, n, k) = (sizes.m, sizes.n, sizes.k)
    let rows = skewed(m, k, seed: 3), gradients = skewed(m, n, seed: 4)
    let weights = skewed(n, k, seed: 5)
    let w = Grid(weights).quantized(128, 128)
    let forward = BlockScaled(rows, by: .tile).matmul(BlockScaled(weights, by: .block))
    expectClose(
      forward, Grid(rows).quantized(1, 128).times(w.transposed).entries, .product, "forward")
    let back = BlockScaled(gradients, by: .tile).matmul(
      BlockScaled(weights, by: .block), transposing: .none)
    expectClose(back, Grid(gradients).quantized(1, 128).times(w).entries, .product, "input")
    let weight = BlockScaled(gradients, by: .column).matmul(
      BlockScaled(rows, by: .column), transposing: .left)
    expectClose(
      weight,
      Grid(gradients).quantized(128, 1).transposed.times(Grid(rows).quantized(128, 1)).entries,
      .product, "weight")
  }
  // snippet.end

  @Test func `has the same bits with any number of threads`() {
    let rows = BlockScaled(skewed(257, 300, seed: 6), by: .tile)
    // Large enough that several threads lay its codes out.
    let weights = BlockScaled(skewed(310, 300, seed: 7), by: .block)
    let one = Threads.with(1) { rows.matmul(weights) }
    #expect(Threads.with(2) { rows.matmul(weights) } == one)
    #expect(Threads.with(5) { rows.matmul(weights) } == one)
  }

  @Test func `loses no more than the two roundings of its operands`() {
    var generator = SplitMix64(seed: 8)
    let x = Tensor.normal(shape: [256, 512], deviation: 1, using: &generator)
    let w = Tensor.normal(shape: [256, 512], deviation: 0.02, using: &generator)
    let product = BlockScaled(x, by: .tile).matmul(BlockScaled(w, by: .block))
    let error = relativeError(product, x.matmul(w, transposing: .right))
    // Each operand is off by 2.6 %, and errors that know nothing of each other add up in squares.
    #expect(abs(error - 0.0369) < 0.001, "\(error)")
  }

  @Test func `passes a number that is none on to its row and no further`() {
    var x = skewed(9, 150, seed: 9).scalars
    x[150 * 4 + 140] = .nan
    x[150 * 6 + 3] = .infinity
    let product = BlockScaled(Tensor(x, shape: [9, 150]), by: .tile)
      .matmul(BlockScaled(skewed(20, 150, seed: 10), by: .block))
    for row in 0..<9 {
      let isSpoilt = row == 4 || row == 6
      let numbers = product.scalars[row * 20..<row * 20 + 20]
      #expect(numbers.allSatisfy { $0.isNaN == isSpoilt }, "row \(row)")
    }
  }

  // snippet.wrong-side
  @Test func `refuses scales that change within a sum`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      // A weight's gradient sums over tokens: scales of 1 × 128 differ from token to token.
      let gradients = BlockScaled(.test(200, 128), by: .tile)
      _ = gradients.matmul(BlockScaled(.test(200, 128), by: .column), transposing: .left)
    }
    expectSaid(result, "cannot be taken out of a sum along columns")
    let rows = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let x = BlockScaled(.test(200, 128), by: .column)
      _ = x.matmul(BlockScaled(.test(128, 128), by: .block))
    }
    expectSaid(rows, "cannot be taken out of a sum along rows")
    let weights = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let x = BlockScaled(.test(200, 128), by: .tile)
      _ = x.matmul(BlockScaled(.test(128, 128), by: .tile))
    }
    expectSaid(weights, "must be constant along 128 summed entries")
  }
  // snippet.end
}
