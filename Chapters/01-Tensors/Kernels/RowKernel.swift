import Foundation

/// Loops over one run of numbers, eight at a time; sums are taken in a fixed order.
@usableFromInline package enum RowKernel {
  /// The largest number; -∞ for an empty run.
  @inlinable @inline(__always)
  package static func maximum(_ n: Int, _ x: UnsafePointer<Float>) -> Float {
    var lanes = Lanes(repeating: -.infinity)
    var j = 0
    while j &+ 8 <= n {
      lanes = larger(lanes, load(x + j))
      j &+= 8
    }
    var best = largest(lanes)
    while j < n {
      if best < x[j] { best = x[j] }
      j &+= 1
    }
    return best
  }

  /// The sum.
  @inlinable @inline(__always)
  package static func sum(_ n: Int, _ x: UnsafePointer<Float>) -> Float {
    var (s0, s1) = (Lanes.zero, Lanes.zero)
    var j = 0
    while j &+ 16 <= n {
      s0 += load(x + j)
      s1 += load(x + j + 8)
      j &+= 16
    }
    var sum = total(s0 + s1)
    while j < n {
      sum += x[j]
      j &+= 1
    }
    return sum
  }

  /// Writes e to the power of each number less a shift, and returns the sum.
  ///
  /// Numbers far below the shift give exactly zero, so that a masked entry gets no weight at all.
  @inlinable @inline(__always)
  package static func exponentials(
    _ n: Int, _ x: UnsafePointer<Float>, minus shift: Float, into y: UnsafeMutablePointer<Float>
  ) -> Float {
    let shifts = Lanes(repeating: shift)
    var sums = Lanes.zero
    var j = 0
    while j &+ 8 <= n {
      let powers = vanishing(load(x + j) - shifts)
      store(powers, y + j)
      sums += powers
      j &+= 8
    }
    var sum = total(sums)
    while j < n {
      let power = vanishing(Lanes(repeating: x[j] - shift))[0]
      y[j] = power
      sum += power
      j &+= 1
    }
    return sum
  }

  /// The exponential, exactly zero below -87 and NaN for NaN.
  @inlinable @inline(__always)
  package static func vanishing(_ x: Lanes) -> Lanes {
    var power = exponential(x)
    power.replace(with: 0, where: x .< Lanes(repeating: -87))
    power.replace(with: x, where: x .!= x)
    return power
  }

  /// Multiplies each number in place.
  @inlinable @inline(__always)
  package static func scale(_ n: Int, _ y: UnsafeMutablePointer<Float>, by factor: Float) {
    for j in 0..<n { y[j] *= factor }
  }

  /// The logarithm of the sum of the exponentials.
  @inlinable @inline(__always)
  package static func logSumExp(_ n: Int, _ x: UnsafePointer<Float>) -> Float {
    let shift = maximum(n, x)
    let shifts = Lanes(repeating: shift)
    var sums = Lanes.zero
    var j = 0
    while j &+ 8 <= n {
      sums += vanishing(load(x + j) - shifts)
      j &+= 8
    }
    var sum = total(sums)
    while j < n {
      sum += vanishing(Lanes(repeating: x[j] - shift))[0]
      j &+= 1
    }
    return shift + Float(log(Double(sum)))
  }
}
