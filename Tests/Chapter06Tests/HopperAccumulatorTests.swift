import FP8
import Foundation
import Tensors
import Testing

private func eightBits(_ x: Double) -> Float { Float(FloatFormat.e4m3.rounded(x)) }

/// One instruction in Double, as the rule is written down.
private func definedStep(_ a: [Float], _ b: [Float], _ sum: Double, bits: Int = 13) -> Double {
  func exponent(_ x: Float) -> Int { x == 0 ? -1000 : max(-6, Int(x.exponent)) }
  func power(_ exponent: Int) -> Double {
    Double(sign: .plus, exponent: exponent, significand: 1)
  }
  var largest = sum == 0 ? -126 : max(-126, Int(sum.exponent))
  for (a, b) in zip(a, b) { largest = max(largest, exponent(a) + exponent(b)) }
  let grid = power(largest - bits)
  var total = (sum / grid).rounded(.towardZero) * grid
  for (a, b) in zip(a, b) {
    total += (Double(a) * Double(b) / grid).rounded(.towardZero) * grid
  }
  guard total != 0 else { return 0 }
  let last = power(Int(total.exponent) - bits)
  return (total / last).rounded(.towardZero) * last
}

/// Two matrices of one distribution, their exact product, and what an accumulator makes of it.
private struct Trial {
  let a, b: Tensor
  let exact: [Double]

  init(
    size: Int = 48, depth: Int = 4096, seed: UInt64 = 1, _ draw: (inout SplitMix64) -> Double
  ) {
    var generator = SplitMix64(seed: seed)
    func matrix() -> Tensor {
      let numbers = (0..<size * depth).map { _ in eightBits(draw(&generator)) }
      return Tensor(numbers, shape: [size, depth])
    }
    (a, b) = (matrix(), matrix())
    // With 30 fraction bits nothing is lost: all sums are multiples of 2⁻¹⁸ and below 2¹³.
    let lossless = HopperAccumulator(fractionBits: 30, promotingEvery: nil)
    exact = lossless.product(a, b).doubles
  }

  /// The length of the error and its sum, as parts of those of the exact product.
  func error(_ accumulator: HopperAccumulator) -> (length: Double, signed: Double) {
    let found = accumulator.product(a, b).doubles
    var (squares, whole, signed, sum) = (0.0, 0.0, 0.0, 0.0)
    for (found, exact) in zip(found, exact) {
      squares += (found - exact) * (found - exact)
      whole += exact * exact
      signed += found - exact
      sum += exact
    }
    return ((squares / whole).squareRoot(), signed / sum)
  }
}

private let without = HopperAccumulator(promotingEvery: nil)
private let every128 = HopperAccumulator()

@Suite struct `One step of Hopper's accumulator` {
  private let ones = [Float](repeating: 1, count: 32)

  // snippet.lost
  @Test func `loses what is small beside the sum`() {
    // 16384 = 2¹⁴ leaves a grid of 2¹⁴⁻¹³ = 2, and 1.875 lies below the first line of it.
    let terms = [Float](repeating: 1.875, count: 32)
    #expect(every128.adding(terms, ones) == 60)
    #expect(every128.adding(terms, ones, to: 16384) == 16384, "not 16444")
    var rounding = every128
    rounding.rounds = true
    #expect(rounding.adding(terms, ones, to: 16384) == 16448, "each term would count as 2")
  }
  // snippet.end

  @Test func `drops towards zero on both sides`() {
    #expect(every128.adding([-1.875], [1], to: 16384) == 16384, "flooring would take 2 away")
    #expect(every128.adding([-3.5], [1], to: 16384) == 16382)
    #expect(every128.adding([3.5], [1], to: -16384) == -16382)
  }

  @Test func `does not renormalise a product before the shift`() {
    // 1.875² = 3.515625 keeps the exponent 0 + 0, so the grid is 2⁻¹³ and two terms of 2⁻¹³ live.
    let sum = every128.adding([1.875, 0x1p-6, 0x1p-6], [1.875, 0x1p-7, 0x1p-7])
    #expect(sum == 3.515625 + 0x1p-12)
    // One alone is counted, and is dropped when the sum, which is above 2, keeps 13 bits.
    #expect(every128.adding([1.875, 0x1p-6], [1.875, 0x1p-7]) == 3.515625)
  }

  @Test func `gives subnormal numbers the smallest exponent`() {
    // 2⁻⁹ is ⅛ · 2⁻⁶: with three fraction bits its last one is 2⁻⁹, with two it is 2⁻⁸.
    #expect(
      HopperAccumulator(fractionBits: 3).adding([0x1p-9], [1]) == 0x1p-9)
    #expect(HopperAccumulator(fractionBits: 2).adding([0x1p-9], [1]) == 0)
    #expect(HopperAccumulator(fractionBits: 2).adding([0x1p-6], [0x1p-3]) == 0x1p-9)
    #expect(every128.adding([0x1p-9], [0x1p-9]) == 0x1p-18)
  }

  @Test func `lets zeros pass without a trace`() {
    #expect(every128.adding([0, -0.0], [448, 448]) == 0)
    #expect(every128.adding([0], [448], to: 0x1p-18) == 0x1p-18, "0 · 448 sets no exponent")
    #expect(every128.adding([], [], to: 60) == 60)
  }

  @Test func `agrees with the rule in Double`() {
    var generator = SplitMix64(seed: 3)
    for bits in [3, 13, 14, 25] {
      let accumulator = HopperAccumulator(fractionBits: bits)
      var sum = 0.0
      for _ in 0..<500 {
        // Magnitudes from the subnormal to the largest, some of them zero.
        let row = (0..<64).map { _ -> Float in
          let x = generator.normal() * 0x1p9 * exp2(generator.uniform() * -20)
          return generator.uniform() < 0.1 ? 0 : eightBits(x)
        }
        let (a, b) = (Array(row[..<32]), Array(row[32...]))
        let next = accumulator.adding(a, b, to: sum)
        #expect(next == definedStep(a, b, sum, bits: bits))
        sum = generator.uniform() < 0.1 ? 0 : next
      }
    }
  }

  @Test func `does not depend on the order of its terms, unlike the steps`() {
    var generator = SplitMix64(seed: 4)
    let a = (0..<32).map { _ in eightBits(generator.normal() * 30) }
    let b = (0..<32).map { _ in eightBits(generator.normal()) }
    let order = Array(0..<32).sorted { a[$0] < a[$1] }
    #expect(
      every128.adding(order.map { a[$0] }, order.map { b[$0] }, to: 5000)
        == every128.adding(a, b, to: 5000))

    let (large, small) = ([Float](repeating: 512 / 2, count: 32), ones.map { $0 * 1.875 })
    let twos = ones.map { $0 * 2 }
    func sum(_ first: [Float], _ second: [Float], _ b: [Float], _ c: [Float]) -> Double {
      every128.adding(second, c, to: every128.adding(first, b))
    }
    #expect(sum(large, small, twos, ones) == 16384, "the small step comes too late")
    #expect(sum(small, large, ones, twos) == 16444)
  }
}

@Suite struct `A product on Hopper` {
  // snippet.table
  @Test func `is an order of magnitude nearer with promotion on normal numbers`() {
    let trial = Trial { $0.normal() }
    let (plain, promoted) = (trial.error(without).length, trial.error(every128).length)
    #expect(plain > 1.1e-3 && plain < 1.5e-3)
    #expect(promoted > 1.1e-4 && promoted < 1.5e-4)
    #expect(plain > 5 * promoted)
  }

  @Test func `falls behind by several per cent on positive numbers`() {
    let trial = Trial { $0.uniform() }
    let (plain, promoted) = (trial.error(without), trial.error(every128))
    #expect(plain.length > 6e-2 && plain.length < 7.2e-2)
    #expect(plain.signed > -7.2e-2 && plain.signed < -6e-2, "every error has the same sign")
    #expect(promoted.length > 4e-4 && promoted.length < 6e-4)
  }
  // snippet.end

  @Test func `loses half as much with one bit more`() {
    let trial = Trial { $0.normal() + 1 }
    let (plain, promoted) = (trial.error(without), trial.error(every128))
    #expect(plain.length > 2.6e-2 && plain.length < 3.2e-2 && plain.signed < -2.6e-2)
    #expect(promoted.length > 0.8e-4 && promoted.length < 1.2e-4)
    let finer = HopperAccumulator(fractionBits: 14, promotingEvery: nil)
    let finerPromoted = HopperAccumulator(fractionBits: 14)
    #expect(abs(trial.error(finer).length - 1.2e-2) < 0.15e-2)
    #expect(abs(trial.error(finerPromoted).length - 3e-5) < 1e-5)
  }

  @Test func `loses faster the longer the sum`() {
    for (depth, wanted) in [(256, 0.17e-2), (1024, 1.3e-2), (4096, 6.6e-2)] {
      let error = Trial(size: 16, depth: depth) { $0.uniform() }.error(without).length
      #expect(abs(error - wanted) < 0.12 * wanted, "\(depth): \(error)")
    }
  }

  @Test func `would hardly err if it rounded`() {
    let trial = Trial { $0.uniform() }
    var rounding = without
    rounding.rounds = true
    let error = trial.error(rounding).length
    #expect(error > 0.2e-2 && error < 0.35e-2)
    #expect(trial.error(without).length > 15 * error)
  }

  @Test func `sums each entry step by step, and promotes in single precision`() {
    // 200 products: six whole steps and one of eight, with promotion after the fourth.
    let trial = Trial(size: 3, depth: 200) { 4 * $0.normal() }
    let (a, b) = (trial.a.scalars, trial.b.scalars)
    let found = (every128.product(trial.a, trial.b), without.product(trial.a, trial.b))
    for i in 0..<3 {
      for j in 0..<3 {
        var (sum, partial, promoted) = (0.0, 0.0, 0 as Float)
        var exact = 0.0
        for start in stride(from: 0, to: 200, by: 32) {
          let end = min(start + 32, 200)
          let left = Array(a[i * 200 + start..<i * 200 + end])
          let right = Array(b[j * 200 + start..<j * 200 + end])
          for (a, b) in zip(left, right) { exact += Double(a) * Double(b) }
          sum = definedStep(left, right, sum)
          partial = definedStep(left, right, partial)
          if end == 128 { (promoted, partial) = (promoted + Float(partial), 0) }
        }
        #expect(found.0[i, j] == promoted + Float(partial))
        #expect(found.1[i, j] == Float(sum))
        #expect(trial.exact[3 * i + j] == Double(Float(exact)))
      }
    }
  }

  /// A kernel in floats sums up to 16 bits; single steps, and wider ones, are in integers.
  @Test(arguments: [1, 3, 13, 16, 17])
  func `has the bits of its steps for numbers of all sizes`(bits: Int) {
    var generator = SplitMix64(seed: 5)
    func matrix(_ rows: Int) -> Tensor {
      let numbers = (0..<rows * 150).map { _ -> Float in
        let x = generator.normal() * 0x1p9 * exp2(generator.uniform() * -20)
        return generator.uniform() < 0.2 ? 0 : eightBits(x)
      }
      return Tensor(numbers, shape: [rows, 150])
    }
    let (a, b) = (matrix(3), matrix(11))
    let accumulator = HopperAccumulator(fractionBits: bits, promotingEvery: nil)
    let found = accumulator.product(a, b)
    for i in 0..<3 {
      for j in 0..<11 {
        var sum = 0.0
        for start in stride(from: 0, to: 150, by: 32) {
          let end = min(start + 32, 150)
          sum = accumulator.adding(
            Array(a.scalars[i * 150 + start..<i * 150 + end]),
            Array(b.scalars[j * 150 + start..<j * 150 + end]), to: sum)
        }
        #expect(found[i, j] == Float(sum))
      }
    }
  }

  @Test func `has the same bits on any number of threads`() {
    let trial = Trial(size: 16, depth: 256) { $0.normal() }
    let products = [1, 2, 3, 8].map { threads in
      Threads.with(threads) { every128.product(trial.a, trial.b) }
    }
    for product in products { #expect(product == products[0]) }
  }
}
