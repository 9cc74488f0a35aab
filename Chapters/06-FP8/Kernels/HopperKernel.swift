import Tensors

/// The sums of a `HopperAccumulator` of few bits, for eight columns at a time.
///
/// Divided by the grid, what is left of a term is a whole number below 2^(f + 2), with f fraction
/// bits, and so is that of the sum so far. As long as 33 of them stay below 2²⁴, a `Float` adds them
/// exactly, in any order, as the integers of the definition do.
struct HopperKernel {
  /// The most fraction bits for which all sums are exact.
  static let mostBits = 16

  private let bits: Int
  private let interval: Int?

  init(_ accumulator: HopperAccumulator) {
    insist(
      accumulator.fractionBits <= Self.mostBits && !accumulator.rounds,
      "HopperKernel: \(accumulator.fractionBits) bits; it cuts, to \(Self.mostBits) at most")
    (bits, interval) = (accumulator.fractionBits, accumulator.interval)
  }

  /// The product of a matrix and a transposed one.
  /// - Shape: a [m, k], b [n, k], all of E4M3 → [m, n]
  func product(_ a: Tensor, _ b: Tensor) -> Tensor {
    let (m, n, k) = (a.rows, b.rows, a.columns)
    let result = Tensor(uninitialized: [m, n])
    let leftPowers = Tensor(uninitialized: a.shape)
    let powers = leftPowers.fresh
    for place in 0..<a.count { powers[place] = Self.power(a.address[place]) }
    Threads.forEachBlock((n + 7) / 8, work: 20 * m * n * k) { panel in
      let columns = min(8, n - 8 * panel)
      let right = Tensor(shape: [2, k, 8])
      let (numbers, rightPowers) = (right.fresh, right.fresh + 8 * k)
      for column in 0..<columns {
        let source = b.address + (8 * panel + column) * k
        for place in 0..<k {
          numbers[8 * place + column] = source[place]
          rightPowers[8 * place + column] = Self.power(source[place])
        }
      }
      for row in 0..<m {
        let sums = sums(
          k, Operands(numbers: a.address + row * k, powers: leftPowers.address + row * k),
          Operands(numbers: numbers, powers: rightPowers))
        for column in 0..<columns { result.fresh[row * n + 8 * panel + column] = sums[column] }
      }
      withExtendedLifetime(right) {}
    }
    withExtendedLifetime((a, b, leftPowers)) {}
    return result
  }

  /// Numbers of E4M3 and the powers of two that their exponents are; zeros have none.
  private struct Operands {
    var numbers, powers: UnsafePointer<Float>
  }

  private static func power(_ x: Float) -> Float {
    x == 0 ? 0 : max(Float(bitPattern: x.bitPattern & 0x7F80_0000), 0x1p-6)
  }

  /// One row by eight columns: instructions in order, promoted or not.
  private func sums(_ k: Int, _ a: Operands, _ b: Operands) -> Lanes {
    var (promoted, partial) = (Lanes.zero, Lanes.zero)
    var (a, b, done) = (a, b, 0)
    while done < k {
      let count = min(HopperAccumulator.width, k - done)
      partial = step(count, a, b, partial)
      done += count
      a = Operands(numbers: a.numbers + count, powers: a.powers + count)
      b = Operands(numbers: b.numbers + 8 * count, powers: b.powers + 8 * count)
      if let interval, done.isMultiple(of: interval) {
        promoted += partial
        partial = .zero
      }
    }
    return promoted + partial
  }

  /// One instruction.
  @inline(__always)
  private func step(_ count: Int, _ a: Operands, _ b: Operands, _ sum: Lanes) -> Lanes {
    typealias Bits = SIMD8<UInt32>
    // Where all is zero, any grid will do.
    var largest = larger(
      unsafeBitCast(unsafeBitCast(sum, to: Bits.self) & 0x7F80_0000, to: Lanes.self),
      Lanes(repeating: 0x1p-40))
    for i in 0..<count {
      largest = larger(largest, Lanes(repeating: a.powers[i]) * load(b.powers + 8 * i))
    }
    let shift = Float(1 << bits)
    let scale = shift / largest
    var total = Self.cut(sum * scale)
    for i in 0..<count {
      total += Self.cut(Lanes(repeating: a.numbers[i]) * load(b.numbers + 8 * i) * scale)
    }
    let mask = UInt32.max &<< UInt32(23 &- bits)
    let kept = unsafeBitCast(unsafeBitCast(total, to: Bits.self) & mask, to: Lanes.self)
    return kept * (largest / shift)
  }

  /// Drops what lies behind the point, of numbers below 2²³.
  @inline(__always)
  private static func cut(_ x: Lanes) -> Lanes {
    typealias Bits = SIMD8<UInt32>
    let size = magnitude(x)
    let nearest = (size + 0x1p23) - 0x1p23
    let whole = nearest - Lanes.zero.replacing(with: 1, where: nearest .> size)
    let sign = unsafeBitCast(x, to: Bits.self) & 0x8000_0000
    return unsafeBitCast(unsafeBitCast(whole, to: Bits.self) | sign, to: Lanes.self)
  }
}
