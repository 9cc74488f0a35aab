/// A small generator of random bits whose whole memory is one number.
///
/// SplitMix64: the state walks by a constant, and each position is scrambled by two multiplications.
/// Storing `state` and restoring it continues the sequence exactly, so a training run that was
/// interrupted can go on as if it had not been.
///
/// Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
public struct SeededGenerator: RandomNumberGenerator, Sendable, Equatable, Codable {
  /// The position in the sequence; all there is to save.
  public var state: UInt64

  /// Starts a sequence; equal seeds give equal sequences on every machine.
  public init(seed: UInt64) {
    state = seed
  }

  /// Returns the next 64 bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }

  /// Returns a generator whose sequence is unrelated to this one's.
  ///
  /// Training and validation text come from one seed through two branches.
  public func branch(_ name: UInt64) -> SeededGenerator {
    var parent = SeededGenerator(seed: state ^ (name &* 0xD1B5_4A32_D192_ED03))
    return SeededGenerator(seed: parent.next())
  }
}
