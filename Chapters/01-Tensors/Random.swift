import Foundation

/// A small generator of random bits whose whole state is one number.
///
/// SplitMix64 (Steele, Lea and Flood, 2014): a counter that advances by an odd constant, and a
/// mixing function. Same seed, same bits, on every machine.
public struct SplitMix64: RandomNumberGenerator, Sendable, Equatable, Codable {
  /// The counter; a training run that stores it and restores it goes on as if never interrupted.
  public var state: UInt64

  /// Creates a generator from a seed.
  public init(seed: UInt64) { state = seed }

  /// A generator for one of several uses of a seed, whose numbers have nothing to do with the others'.
  ///
  /// Training and validation text come from one seed through two branches.
  public func branch(_ name: UInt64) -> SplitMix64 {
    var scrambled = SplitMix64(seed: state ^ (name &* 0xD1B5_4A32_D192_ED03))
    return SplitMix64(seed: scrambled.next())
  }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

extension RandomNumberGenerator {
  /// A number in [0, 1), made from the top 53 bits.
  ///
  /// The standard library does not promise how `Double.random` uses its bits, so we do it.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A normally distributed number with mean 0 and deviation 1 (Box and Muller, 1958).
  public mutating func normal() -> Double {
    let radius = (-2 * log(1 - uniform())).squareRoot()
    return radius * cos(2 * Double.pi * uniform())
  }
}

extension Tensor {
  /// A tensor of normally distributed entries with mean 0.
  public static func normal(
    shape: [Int], deviation: Float = 1, using generator: inout some RandomNumberGenerator
  ) -> Tensor {
    Tensor(
      (0..<shape.reduce(1, *)).map { _ in deviation * Float(generator.normal()) }, shape: shape)
  }
}
