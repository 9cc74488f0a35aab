import FP8

/// The answer to exercise 6.4.
///
/// Why this way: the magnitude gets a floor, so it is a maximum: with `min` every tile would have the
/// scale 10⁻⁴ / 448. And what is stored must be what was divided by. A scale that is rounded up
/// afterwards makes the tile up to twice as large, and no shape or type tells.
public func encoded(_ tile: [Float]) throws -> (numbers: [Float], scale: Float) {
  let scale = powerOfTwo(max(largest(tile), 1e-4) / 448)
  return (tile.map { nearest($0 / scale) }, scale)
}

private func largest(_ tile: [Float]) -> Float { tile.map { abs($0) }.max() ?? 0 }

private func nearest(_ x: Float) -> Float { Float(FloatFormat.e4m3.rounded(Double(x))) }

private func powerOfTwo(_ x: Float) -> Float { PowerOfTwoScale(roundingUp: x).value }

/// Wrong answers to exercise 6.4.
public enum Mutants6_4 {
  /// Is the code as it was found.
  public static func asFound(_ tile: [Float]) throws -> (numbers: [Float], scale: Float) {
    let scale = min(largest(tile), 1e-4) / 448
    return (tile.map { nearest($0 / scale) }, powerOfTwo(scale))
  }

  /// Has no floor, so that a tile of zeros is divided by zero.
  public static func forgetsTheFloor(
    _ tile: [Float]
  ) throws -> (numbers: [Float], scale: Float) {
    let scale = largest(tile) / 448
    let power = scale == 0 ? 0 : powerOfTwo(scale)
    return (tile.map { nearest($0 / power) }, power)
  }

  /// Still takes the smaller of the two.
  public static func takesTheSmaller(
    _ tile: [Float]
  ) throws -> (numbers: [Float], scale: Float) {
    let scale = powerOfTwo(min(largest(tile), 1e-4) / 448)
    return (tile.map { nearest($0 / scale) }, scale)
  }

  /// Still rounds the scale after its use.
  public static func roundsLate(_ tile: [Float]) throws -> (numbers: [Float], scale: Float) {
    let scale = max(largest(tile), 1e-4) / 448
    return (tile.map { nearest($0 / scale) }, powerOfTwo(scale))
  }

  /// Gives the floor to the scale and not to the magnitude.
  public static func raisesTheScale(
    _ tile: [Float]
  ) throws -> (numbers: [Float], scale: Float) {
    let scale = powerOfTwo(max(largest(tile) / 448, 1e-4))
    return (tile.map { nearest($0 / scale) }, scale)
  }

  /// Stores what the tile was multiplied with.
  public static func turnsTheScaleOver(
    _ tile: [Float]
  ) throws -> (numbers: [Float], scale: Float) {
    let (numbers, scale) = try encoded(tile)
    return (numbers, 1 / scale)
  }
}
