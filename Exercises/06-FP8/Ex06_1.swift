import ExerciseKit

/// Exercise 6.1 ● Five numbers in E5M2 (5 minutes).
///
/// Predict, with paper and pencil, what is left of five numbers in E5M2: five bits of exponent with
/// the bias 15, two bits of fraction, the largest number 57344. Rounding is to the nearest number and
/// on a tie to the even one; what is too large becomes the largest.
///
/// The five are 9, 1.375, 0.00006, 2⁻¹⁷ and 70000. Powers of two can be written `0x1p-14`.
///
/// Change only the body.    Try it: `swift test --filter "Exercise 6.1"`
public func remains() throws -> [Double] {
  throw Unfinished("6.1")  // TODO: replace this line
}
