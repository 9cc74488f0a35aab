import ExerciseKit

/// Exercise 2.4 ●● Merge two halves of an attention (20 minutes).
///
/// A long cache is cut in two, and each half is attended to by its own core. Either half returns its
/// normalised output oₐ = Σ e^(sⱼ − Lₐ) vⱼ and Lₐ = ln Σ e^sⱼ over its own keys. By (2.7)
/// the whole has L = ln(e^Lₐ + e^Lᵦ) and o = e^(Lₐ − L) oₐ + e^(Lᵦ − L) oᵦ.
///
/// Return both for the union of the keys. Scores may be in the hundreds, and a half without visible
/// keys has L = −∞ and an output of zeros.
///
/// Change only the body.    Try it: `swift test --filter "Exercise 2.4"`
public func merge(
  _ a: (output: [Double], logSum: Double), _ b: (output: [Double], logSum: Double)
) throws -> (output: [Double], logSum: Double) {
  throw Unfinished("2.4")  // TODO: replace this line
}
