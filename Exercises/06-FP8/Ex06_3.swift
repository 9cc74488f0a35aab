import ExerciseKit

/// Exercise 6.3 ●● A scale in eight bits (10 minutes).
///
/// Return the UE8M0 code of the smallest power of two that is not less than x: the code c stands for
/// 2^(c − 127). x is positive and normal, and at most 2¹²⁷.
///
/// A power of two must come back as itself, and its upper neighbour must not. `x.bitPattern` holds
/// the exponent, plus 127, in the bits 23 to 30 and the fraction in the 23 bits below.
///
/// Change only the body.    Try it: `swift test --filter "Exercise 6.3"`
public func scaleCode(_ x: Float) throws -> UInt8 {
  throw Unfinished("6.3")  // TODO: replace this line
}
