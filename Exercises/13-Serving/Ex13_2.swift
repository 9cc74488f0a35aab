import ExerciseKit

/// Exercise 13.2 ●● Where zero lies (20 minutes).
///
/// Round a group of numbers to `bits` bits, and waste no code on numbers that it does not have. Codes q are
/// 0, 1, …, 2ᵇ − 1, and stand for
///
///     x̂ = (q − z) s     s = (high − low) / (2ᵇ − 1)
///
/// where low and high are the smallest and the largest of the numbers *and of 0*. Choose a zero point z, which is
/// a code itself, and the codes, so that 0 stays exactly 0 and |x − x̂| ≤ s / 2 for every x. A group of
/// nothing but zeros has s = 1.
///
/// All numbers are finite, and `bits` is from 2 to 8.
///
/// Change only the body.    Try it: `swift test --filter "Exercise 13.2"`
public func roundedGroup(
  _ group: [Double], bits: Int
) throws -> (scale: Double, zero: Int, codes: [Int]) {
  throw Unfinished("13.2")  // TODO: replace this line
}
