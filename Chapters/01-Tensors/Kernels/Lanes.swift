/// Eight numbers that the processor handles in one instruction.
///
/// What works on them is `@inlinable`: the kernels of other chapters must not pay for a call.
@usableFromInline package typealias Lanes = SIMD8<Float>

/// Sixteen numbers: one instruction on processors with vectors so wide (`WIDE`), else two or four.
@usableFromInline package typealias Sixteen = SIMD16<Float>

#if WIDE
  /// As many numbers as one instruction handles.
  @usableFromInline package typealias Widest = Sixteen
#else
  /// As many numbers as one instruction handles.
  @usableFromInline package typealias Widest = Lanes
#endif

/// Reads eight numbers from memory.
@inlinable @inline(__always)
package func load(_ address: UnsafePointer<Float>) -> Lanes {
  UnsafeRawPointer(address).loadUnaligned(as: Lanes.self)
}

/// Reads eight numbers from memory that may also be written.
@inlinable @inline(__always)
package func load(_ address: UnsafeMutablePointer<Float>) -> Lanes {
  UnsafeRawPointer(address).loadUnaligned(as: Lanes.self)
}

/// Writes eight numbers to memory.
@inlinable @inline(__always)
package func store(_ lanes: Lanes, _ address: UnsafeMutablePointer<Float>) {
  UnsafeMutableRawPointer(address).storeBytes(of: lanes, as: Lanes.self)
}

/// Reads eight or sixteen numbers from memory.
@inlinable @inline(__always)
package func load<Vector: SIMD<Float>>(_ address: UnsafePointer<Float>, as _: Vector.Type)
  -> Vector
{
  UnsafeRawPointer(address).loadUnaligned(as: Vector.self)
}

/// Writes eight or sixteen numbers to memory.
@inlinable @inline(__always)
package func store<Vector: SIMD<Float>>(
  _ numbers: Vector, _ address: UnsafeMutablePointer<Float>
) {
  UnsafeMutableRawPointer(address).storeBytes(of: numbers, as: Vector.self)
}

/// Adds a product to a sum: `sum + a · b`, rounded once where the processor can.
///
/// Without the fused instruction `addingProduct` would call the mathematics library for each lane.
@inlinable @inline(__always)
package func adding(_ sum: Lanes, _ a: Lanes, _ b: Lanes) -> Lanes {
  #if FUSED
    sum.addingProduct(a, b)
  #else
    sum + a * b
  #endif
}

/// Adds a product to a sum, as the eight-lane form does.
@inlinable @inline(__always)
package func adding<Vector: SIMD<Float>>(_ sum: Vector, _ a: Vector, _ b: Vector) -> Vector {
  #if FUSED
    sum.addingProduct(a, b)
  #else
    sum + a * b
  #endif
}

/// Adds a product to a sum, as the eight-lane form does.
@inlinable @inline(__always)
package func adding(_ sum: Float, _ a: Float, _ b: Float) -> Float {
  #if FUSED
    sum.addingProduct(a, b)
  #else
    sum + a * b
  #endif
}

/// The larger of two numbers, lane by lane (`pointwiseMax` is a call for each lane).
@inlinable @inline(__always)
package func larger(_ a: Lanes, _ b: Lanes) -> Lanes {
  a.replacing(with: b, where: a .< b)
}

/// The largest of the eight.
@inlinable @inline(__always)
package func largest(_ a: Lanes) -> Float {
  let four = a.lowHalf.replacing(with: a.highHalf, where: a.lowHalf .< a.highHalf)
  let two = four.lowHalf.replacing(with: four.highHalf, where: four.lowHalf .< four.highHalf)
  return two.x < two.y ? two.y : two.x
}

/// The sum of the eight, pairwise.
@inlinable @inline(__always)
package func total(_ a: Lanes) -> Float {
  let four = a.lowHalf + a.highHalf
  let two = four.lowHalf + four.highHalf
  return two.x + two.y
}

/// The sum of the sixteen, pairwise.
@inlinable @inline(__always)
package func total(_ a: Sixteen) -> Float { total(a.lowHalf + a.highHalf) }

/// The exponential, lane by lane, with a relative error below 2⁻²².
///
/// x = n ln 2 + r with |r| ≤ ½ ln 2, and eˣ = 2ⁿ eʳ: a polynomial for eʳ, and n added to the
/// exponent bits. Below -87.3 the result is about 1e-38, above 88.3 about 2e38; NaN gives a number.
@inlinable @inline(__always)
package func exponential(_ x: Lanes) -> Lanes {
  let lowest = Lanes(repeating: -87.3)
  let highest = Lanes(repeating: 88.3)
  var clamped = x.replacing(with: lowest, where: x .< lowest)
  clamped = clamped.replacing(with: highest, where: clamped .> highest)
  // Adding 1.5 · 2²³ pushes the fraction out of the significand: a rounding to the nearest integer.
  let magic = Lanes(repeating: 12_582_912)
  let shifted = adding(magic, clamped, Lanes(repeating: 1.442_695_04))
  let n = shifted - magic
  var r = adding(clamped, n, Lanes(repeating: -0.693_359_375))
  r = adding(r, n, Lanes(repeating: 2.121_944_4e-4))
  var p = Lanes(repeating: 1.987_569_15e-4)
  p = adding(Lanes(repeating: 1.398_199_95e-3), p, r)
  p = adding(Lanes(repeating: 8.333_452e-3), p, r)
  p = adding(Lanes(repeating: 4.166_579_6e-2), p, r)
  p = adding(Lanes(repeating: 1.666_666_55e-1), p, r)
  p = adding(Lanes(repeating: 5.000_000_1e-1), p, r)
  let fraction = adding(r + 1, p, r * r)
  let bits = unsafeBitCast(shifted, to: SIMD8<Int32>.self)
  let power = unsafeBitCast((bits &+ 127) &<< 23, to: Lanes.self)
  return fraction * power
}
